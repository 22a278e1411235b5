FROM node:24 AS build
WORKDIR /app
COPY app /app
CMD ["node", "server.js"]

FROM gcr.io/distroless/nodejs24-debian13
COPY --from=build --chown=65532:65532 /app /app
WORKDIR /app
USER 65532:65532
CMD ["server.js"]
