ARG NODE_VERSION=20
FROM node:${NODE_VERSION}-alpine
WORKDIR /app
COPY --chown=1000:1000 . .
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "."]
