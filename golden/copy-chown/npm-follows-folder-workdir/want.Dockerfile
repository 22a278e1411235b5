FROM node:16-slim
COPY . /srv/x
WORKDIR /srv/x
RUN npm install
RUN chown -R 1000:1000 /srv/x
# node
USER 1000:1000
CMD ["node", "server.js"]
