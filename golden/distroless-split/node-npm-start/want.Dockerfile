FROM node:22-bookworm-slim AS build
LABEL maintainer="a@example.org"
WORKDIR /app
COPY . .
RUN npm ci --only=production && npm cache clean --force
EXPOSE 3000
STOPSIGNAL SIGINT
HEALTHCHECK --interval=30s CMD node health.js || exit 1
CMD npm start

FROM gcr.io/distroless/nodejs22-debian13
ENV NODE_ENV=production
COPY --from=build --chown=65532:65532 /app /app
WORKDIR /app
LABEL maintainer="a@example.org"
EXPOSE 3000
STOPSIGNAL SIGINT
HEALTHCHECK --interval=30s CMD ["/nodejs/bin/node", "health.js"]
USER 65532:65532
CMD ["--max-old-space-size=512", "server.js"]
