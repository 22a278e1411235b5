FROM node:16-slim
WORKDIR /srv/x
COPY --chown=1000:1000 frontend ./frontend
RUN cd frontend && yarn install && yarn build
COPY --chown=1000:1000 server.js .
RUN chown 1000:1000 /srv/x
# node
USER 1000:1000
CMD ["node", "server.js"]
