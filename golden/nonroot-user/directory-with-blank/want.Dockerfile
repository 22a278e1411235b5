FROM node:20-slim
WORKDIR /my app
COPY --chown=1000:1000 . .
RUN chown 1000:1000 '/my app'
# node
USER 1000:1000
CMD ["node", "main.js"]
