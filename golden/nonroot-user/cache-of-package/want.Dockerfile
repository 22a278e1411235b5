FROM node:24-slim
WORKDIR /app
COPY --chown=1000:1000 package.json ./
RUN npm install
COPY --chown=1000:1000 server.js .
RUN mkdir -p /app/node_modules/.cache \
    && chown 1000:1000 /app \
    && chown -R 1000:1000 /app/node_modules/.cache
# node
USER 1000:1000
CMD ["node", "server.js"]
