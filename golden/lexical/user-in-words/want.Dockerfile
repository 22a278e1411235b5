FROM node:20-alpine
# USER node
LABEL note="USER node" \
      USER=1000
RUN echo "USER 1000" > /etc/motd; \
    USER=node; echo $USER
WORKDIR /app
COPY --chown=1000:1000 . .
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "server.js"]
