FROM node:20 AS base
WORKDIR /app
COPY . .

FROM base AS api
RUN chown -R 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "api.js"]

FROM base AS test
RUN npm test
