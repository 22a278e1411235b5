FROM node:20
WORKDIR /app
USER node
COPY --chown=node . .
RUN npm ci
USER root
RUN npm install -g pm2
# node
USER 1000
CMD ["node", "server.js"]
