FROM node:20 AS tools
WORKDIR /app
COPY --chown=nodejs . .

FROM node:20
WORKDIR /app
COPY . .
# node
USER 1000
CMD ["node", "server.js"]
