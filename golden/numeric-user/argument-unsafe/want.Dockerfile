FROM node:20-alpine
ARG RUN_USER=node
WORKDIR /app
COPY --chown=$RUN_USER . .
# node
USER 1000
CMD ["node", "server.js"]
