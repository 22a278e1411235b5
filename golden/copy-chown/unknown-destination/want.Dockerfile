FROM node:20-slim
ARG EXTRA
WORKDIR /app
COPY --chown=1000:1000 . .
COPY plugins ${EXTRA}/plugins
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "server.js"]
