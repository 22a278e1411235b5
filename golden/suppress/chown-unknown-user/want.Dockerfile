FROM node:20-alpine
WORKDIR /app
# unroot: ignore=chown-unknown-user made by the platform's builder
COPY --chown=1000:1000 . .
USER 1000:1000
CMD ["node", "server.js"]
