FROM node:24
WORKDIR /opt/modules
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
WORKDIR /app
COPY --chown=1000:1000 server.js .
RUN ln -s /opt/modules/node_modules node_modules
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "server.js"]
