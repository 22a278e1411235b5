FROM node:6
WORKDIR /srv/site
COPY . .
RUN npm install
RUN npm run build
RUN npm install -g serve
RUN chown 1000:1000 /srv/site
# node
USER 1000:1000
CMD ["serve", "-s", "build", "-l", "5000"]
