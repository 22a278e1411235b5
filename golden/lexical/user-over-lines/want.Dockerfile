FROM node:20-alpine
WORKDIR /app
COPY --chown=node . .
# node
USER \
    # the account of the image
    1000
CMD ["node", "server.js"]
