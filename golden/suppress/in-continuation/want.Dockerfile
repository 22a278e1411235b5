FROM node:20-alpine
WORKDIR /app
COPY --chown=1000:1000 . .
RUN npm ci && \
    # unroot: ignore=nonroot-user
    npm cache clean --force
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "server.js"]
