FROM node:16-slim
WORKDIR /srv/x
COPY frontend ./frontend
RUN cd frontend && npm install && npm run build
COPY server.js .
RUN chown -R 1000:1000 /srv/x
# node
USER 1000:1000
CMD ["node", "server.js"]
