FROM node:18.12-alpine
WORKDIR /srv/x
COPY web/package.json web/package-lock.json ./web/
RUN npm --prefix web ci
COPY web/src ./web/src
RUN npm run build --prefix=./web
COPY server.js .
RUN chown -R 1000:1000 /srv/x
# node
USER 1000:1000
CMD ["node", "server.js"]
