FROM node:20-alpine
WORKDIR /app
COPY --chown=node . .
USER root
# node
USER 1000
CMD ["node", "server.js"]
