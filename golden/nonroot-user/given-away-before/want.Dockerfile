FROM node:20
WORKDIR /app
COPY --chown=1000:1000 . .
RUN npm ci && chown -R node:node /app
# node
USER 1000:1000
CMD ["node", "main.js"]
