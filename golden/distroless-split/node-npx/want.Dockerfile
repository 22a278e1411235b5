FROM node:24
WORKDIR /app
COPY . .
RUN npx -y fetch-models@1
RUN chown -R 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "server.js"]
