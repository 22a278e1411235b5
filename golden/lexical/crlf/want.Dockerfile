FROM node:20
WORKDIR /app
COPY --chown=1000:1000 . .
RUN npm ci \
    && npm cache clean --force
EXPOSE 3000
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "server.js"]
