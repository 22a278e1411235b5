FROM node:24
WORKDIR /app
COPY . .
RUN npm run build
RUN chown -R 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "server.js"]
