FROM node:24
WORKDIR /app
COPY --chown=1000:1000 . .
HEALTHCHECK CMD curl -f http://localhost:3000/ || exit 1
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "server.js"]
