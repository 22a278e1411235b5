FROM node:20 AS base
WORKDIR /app
# node
USER 1000

FROM base
COPY --chown=node . .
CMD ["node", "server.js"]
