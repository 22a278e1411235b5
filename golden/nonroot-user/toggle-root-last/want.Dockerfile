FROM node:20
WORKDIR /app
RUN chown node /app
USER node
COPY --chown=node . .
RUN npm ci
# node
USER 1000:1000
CMD ["node", "server.js"]
