FROM node:24 AS build
WORKDIR /build
COPY . .
RUN npm ci && npm run compile

FROM node:24-slim
WORKDIR /app
COPY --from=build --chown=1000:1000 /build/package.json ./
COPY --from=build --chown=1000:1000 /build/node_modules ./node_modules
COPY --from=build --chown=1000:1000 /build/dist ./dist
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["npm", "start"]
