FROM node:20-alpine
WORKDIR /app
COPY --link --chown=1000:1000 package.json ./
COPY --link=true --from=node:20-alpine --chown=1000:1000 /etc/ssl ./ssl
COPY --chown=node:node src src
RUN chown node:node /app
# node
USER 1000:1000
CMD ["node", "src/main.js"]
