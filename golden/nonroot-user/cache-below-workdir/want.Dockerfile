FROM node:24-slim
WORKDIR /app
COPY --chown=1000:1000 package.json ./web/
RUN cd web && npm ci
RUN mkdir -p /app/web/node_modules/.cache \
    && chown 1000:1000 /app \
    && chown -R 1000:1000 /app/web/node_modules/.cache
# node
USER 1000:1000
CMD cd web && webpack-dev-server
