FROM node:24-slim AS build
ENV NODE_ENV=production PORT=3000
WORKDIR /usr/src/app
COPY package*.json ./
RUN npm ci --omit=dev
COPY . .
EXPOSE $PORT
CMD ["node", "server.js"]

FROM gcr.io/distroless/nodejs24-debian13
ENV NODE_ENV=production PORT=3000
COPY --from=build --chown=65532:65532 /usr/src/app /usr/src/app
WORKDIR /usr/src/app
EXPOSE 3000
USER 65532:65532
CMD ["server.js"]
