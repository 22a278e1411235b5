FROM node:20-alpine
WORKDIR /app
COPY --chown=1000:1000 . .
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD NODE_ENV=production PORT=${PORT:-3000} exec node --max-old-space-size=512 server.js
