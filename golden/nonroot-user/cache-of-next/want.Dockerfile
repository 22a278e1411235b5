FROM node:24-slim
WORKDIR /app
COPY --chown=1000:1000 package*.json ./
RUN npm ci
COPY --chown=1000:1000 app ./app
RUN npm run build
RUN mkdir -p /app/.next \
    && chown 1000:1000 /app \
    && chown -R 1000:1000 /app/.next
# node
USER 1000:1000
CMD ["npx", "next", "start"]
