FROM node:24 AS build
WORKDIR /app
COPY . .
ENTRYPOINT ["node", "--no-warnings", "server.js"]
CMD ["--port", "3000"]

FROM gcr.io/distroless/nodejs24-debian13
COPY --from=build --chown=65532:65532 /app /app
WORKDIR /app
USER 65532:65532
ENTRYPOINT ["/nodejs/bin/node", "--no-warnings", "server.js"]
CMD ["--port", "3000"]
