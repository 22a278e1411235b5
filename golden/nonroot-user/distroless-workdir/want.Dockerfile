FROM node:22 AS build
WORKDIR /app
COPY . .
RUN npm ci --omit=dev

FROM gcr.io/distroless/nodejs22-debian12
# an empty directory that is the user's
COPY --from=gcr.io/distroless/nodejs22-debian12 --chown=65532:65532 /home/nonroot /app
WORKDIR /app
COPY --from=build --chown=65532:65532 /app .
# nonroot
USER 65532:65532
CMD ["server.js"]
