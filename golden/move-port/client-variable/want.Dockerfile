FROM node:22-slim
ENV STATUS_PAGE_PORT=80
WORKDIR /app
COPY --chown=1000:1000 server.js .
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "server.js"]
