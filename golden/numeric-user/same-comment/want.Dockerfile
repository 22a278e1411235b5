FROM node:20
WORKDIR /app
COPY . .
# node
USER 1000
CMD ["node", "main.js"]
