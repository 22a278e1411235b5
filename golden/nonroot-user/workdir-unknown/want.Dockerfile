FROM node:20-slim
ARG APP_DIR
WORKDIR $APP_DIR/code
COPY . .
# node
USER 1000:1000
CMD ["node", "main.js"]
