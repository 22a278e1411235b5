FROM node:20-alpine
ENV APP_USER=node
WORKDIR /app
COPY --chown=node . .
# node
USER 1000
CMD ["node", "server.js"]
