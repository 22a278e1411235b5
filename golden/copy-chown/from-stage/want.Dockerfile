FROM node:22 AS build
WORKDIR /src
COPY . .
RUN npm ci && npm run build

FROM node:22-slim
WORKDIR /app
COPY --from=build --chown=1000:1000 /src/node_modules node_modules
COPY --from=build --chown=1000:1000 /src/dist dist
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "dist/server.js"]
