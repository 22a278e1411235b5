FROM node:20-slim
WORKDIR /srv/shop
COPY --chown=1000:1000 package.json ./
COPY --chown=1000:1000 assets static/
COPY --chown=1000:1000 views /srv/shop/views
COPY certs/ca.pem /etc/ssl/shop/ca.pem
RUN chown 1000:1000 /srv/shop
# node
USER 1000:1000
CMD ["node", "index.js"]
