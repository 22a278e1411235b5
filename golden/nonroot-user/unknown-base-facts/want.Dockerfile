FROM registry.acme.example/platform/node-base:5
WORKDIR /app
COPY --chown=2000:2000 . .
RUN npm ci
RUN chown 2000:2000 /app
# web
USER 2000:2000
CMD ["node", "index.js"]
