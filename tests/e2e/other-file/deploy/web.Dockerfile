FROM node:24-slim AS base
WORKDIR /app
COPY . .

FROM base AS web
CMD ["node", "server.js"]

FROM base AS test
RUN node --check server.js
