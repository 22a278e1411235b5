FROM node:24 AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build
USER node
CMD ["node", "dist/main.js"]

FROM build AS production
USER root
RUN npm prune --omit=dev --ignore-scripts

FROM gcr.io/distroless/nodejs24-debian13
COPY --from=production --chown=65532:65532 /app /app
WORKDIR /app
USER 65532:65532
CMD ["dist/main.js"]
