FROM node:20-alpine
WORKDIR /app
COPY --chown=1000:1000 . .
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "--title=\u00fcber\t\"all\"", "server.js"]
