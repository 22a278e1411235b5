FROM node:20-alpine
RUN addgroup -g 3000 -S web && adduser -u 3000 -S web -G web
WORKDIR /app
COPY --chown=web:web . .
RUN npm ci
RUN chown 3000:3000 /app
# web
USER 3000:3000
CMD ["node", "index.js"]
