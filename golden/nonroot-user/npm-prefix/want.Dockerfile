FROM node:24-slim
WORKDIR /app
COPY --chown=1000:1000 server ./server
RUN npm ci --omit=dev --prefix server
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["npm", "--prefix", "server", "run", "prod"]
