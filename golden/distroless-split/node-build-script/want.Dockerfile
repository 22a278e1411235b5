FROM node:24 AS build
WORKDIR /app
COPY . .
RUN node build.js
CMD ["node", "dist/server.js"]

FROM gcr.io/distroless/nodejs24-debian13
COPY --from=build --chown=65532:65532 /app /app
WORKDIR /app
USER 65532:65532
CMD ["dist/server.js"]
