FROM node:20-slim
WORKDIR /app
COPY --chown=node:node . .
COPY --chown=0:0 --chmod=0444 license.txt .
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "server.js"]
