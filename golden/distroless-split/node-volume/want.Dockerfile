FROM node:24 AS build
WORKDIR /app
RUN mkdir -p /var/lib/app/cache
COPY . .
RUN mkdir /empty
VOLUME /app/data
CMD ["node", "server.js"]

FROM gcr.io/distroless/nodejs24-debian13
COPY --from=build --chown=65532:65532 /empty /var/lib/app/cache
COPY --from=build --chown=65532:65532 /app /app
COPY --from=build --chown=65532:65532 /empty /app/data
WORKDIR /app
VOLUME ["/app/data"]
USER 65532:65532
CMD ["server.js"]
