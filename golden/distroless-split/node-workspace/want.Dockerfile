FROM node:24 AS build
WORKDIR /repo
COPY package.json package-lock.json ./
COPY packages packages
RUN npm ci --omit=dev
WORKDIR /repo/packages/api
CMD ["node", "server.js"]

FROM gcr.io/distroless/nodejs24-debian13
COPY --from=build --chown=65532:65532 /repo /repo
WORKDIR /repo/packages/api
USER 65532:65532
CMD ["server.js"]
