FROM node:24-alpine
RUN apk add --no-cache python3 make g++
WORKDIR /app
COPY --chown=1000:1000 package.json package-lock.json ./
RUN npm ci --omit=dev
COPY --chown=1000:1000 . .
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "server.js"]
