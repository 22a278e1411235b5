FROM node:24-slim
WORKDIR /app
COPY --chown=1000:1000 package.json ./
RUN npm ci
RUN npm run build && rm -rf node_modules
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["vite", "--host"]
