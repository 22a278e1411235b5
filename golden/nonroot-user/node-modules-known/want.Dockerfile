FROM node:22
WORKDIR /app
COPY --chown=1000:1000 package.json .
RUN npm install
COPY --chown=1000:1000 . .
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node_modules/http-server/bin/http-server", "-p", "8080"]
