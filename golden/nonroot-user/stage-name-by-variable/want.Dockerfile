ARG FLAVOUR=prod
FROM node:20-slim AS base
WORKDIR /app
COPY --chown=1000:1000 . .

FROM base AS release-prod
ENV NODE_ENV=production

FROM release-${FLAVOUR}
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "main.js"]
