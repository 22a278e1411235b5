FROM node:16-slim
WORKDIR /srv/x
COPY . .
RUN npm run build
RUN chown -R 1000:1000 /srv/x
# node
USER 1000:1000
CMD ["node", "server.js"]
