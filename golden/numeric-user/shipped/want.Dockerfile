FROM node:22-alpine
WORKDIR /app
COPY --chown=node:node . .
# node
USER 1000
CMD ["node", "server.js"]
