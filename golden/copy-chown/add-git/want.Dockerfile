FROM node:20-slim
WORKDIR /app
ADD --keep-git-dir=false --chown=1000:1000 https://github.com/acme/themes.git#v2 themes/
COPY --chown=1000:1000 . .
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "server.js"]
