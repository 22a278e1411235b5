FROM node:20
WORKDIR /app
COPY --chown=1000:1000 . .
USER root:node
RUN npm ci
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "server.js"]
