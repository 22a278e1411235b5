FROM node:24-alpine AS deps
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
RUN mkdir /empty

FROM gcr.io/distroless/nodejs24-debian13
COPY --from=deps --chown=65532:65532 /empty /app
ENV NODE_ENV=production
WORKDIR /app
COPY --from=deps --chown=65532:65532 /app/node_modules ./node_modules
COPY --chown=65532:65532 . .
USER 65532:65532
EXPOSE 3000
CMD ["server.js"]
