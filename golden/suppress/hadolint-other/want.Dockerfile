FROM node:20-alpine
# hadolint ignore=DL3018
RUN apk add tini
WORKDIR /app
COPY --chown=1000:1000 . .
RUN chown 1000:1000 /app
# node
USER 1000:1000
ENTRYPOINT ["tini", "--", "node", "server.js"]
