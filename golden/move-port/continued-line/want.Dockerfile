FROM node:22-slim
ENV NODE_ENV=production \
    # the port of the site
    PORT=8080 \
    WORKERS=80
WORKDIR /app
COPY --chown=1000:1000 server.js .
EXPOSE \
    8080/tcp \
    9229
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "server.js"]
