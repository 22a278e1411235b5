FROM node:22-slim
ENV NODE_ENV=production \
    PORT=8080
WORKDIR /app
COPY --chown=1000:1000 package.json server.js ./
EXPOSE ${PORT}
HEALTHCHECK CMD curl -fsS "http://127.0.0.1:${PORT}/healthz"
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "server.js"]
