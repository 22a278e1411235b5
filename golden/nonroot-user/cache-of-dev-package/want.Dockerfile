FROM node:24-slim
WORKDIR /app
COPY --chown=1000:1000 package.json ./
RUN npm install
COPY --chown=1000:1000 server.js .
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "server.js"]
