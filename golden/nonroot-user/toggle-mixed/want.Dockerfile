FROM node:20-slim
USER node
WORKDIR /home/node/app
COPY --chown=1000:1000 . .
RUN npm ci
USER root
COPY cert.pem /etc/ssl/cert.pem
RUN chown 1000:1000 /home/node/app
# node
USER 1000:1000
ENTRYPOINT ["node"]
CMD ["server.js"]
