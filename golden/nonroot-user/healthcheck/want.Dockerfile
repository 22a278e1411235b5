FROM node:20-alpine
WORKDIR /app
COPY --chown=1000:1000 . .
HEALTHCHECK --interval=30s CMD wget -qO- http://localhost:3000/health || exit 1
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "server.js"]
