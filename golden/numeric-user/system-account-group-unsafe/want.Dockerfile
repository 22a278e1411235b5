FROM node:20-alpine
RUN addgroup -g 10001 -S app && adduser -u 10001 -S app -G app
WORKDIR /app
COPY --chown=app:app . .
# app
USER 10001:10001
CMD ["node", "main.js"]
