# escape=`
FROM node:20-slim
WORKDIR /app
COPY --chown=1000:1000 . .
RUN npm ci && `
    npm cache clean --force
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "main.js"]
