FROM node:22
WORKDIR /app
COPY --chown=node:node . .
# node
USER 1000:1000
CMD ["node", "server.js"]
