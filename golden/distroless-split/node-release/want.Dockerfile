FROM node:20-bookworm AS build
WORKDIR /app
COPY . .
CMD ["node", "server.js"]

FROM registry.example.org/mirror/nodejs20-debian12
COPY --from=build --chown=65532:65532 /app /app
WORKDIR /app
USER 65532:65532
CMD ["server.js"]
