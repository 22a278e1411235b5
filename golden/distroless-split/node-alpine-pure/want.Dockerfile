FROM node:24-alpine AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY . .
CMD ["node", "server.js"]

FROM gcr.io/distroless/nodejs24-debian13
COPY --from=build --chown=65532:65532 /app /app
WORKDIR /app
USER 65532:65532
CMD ["server.js"]
