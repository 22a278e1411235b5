FROM node:16-slim
WORKDIR /srv/x
COPY . .
RUN npm ci -w packages/api
RUN chown -R 1000:1000 /srv/x
# node
USER 1000:1000
CMD ["node", "packages/api/server.js"]
