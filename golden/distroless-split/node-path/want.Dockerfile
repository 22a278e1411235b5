FROM node:24
RUN npm install -g express
ENV NODE_PATH=/usr/local/lib/node_modules
WORKDIR /app
COPY --chown=1000:1000 server.js .
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "server.js"]
