FROM node:24-slim
RUN apt-get update && apt-get install -y --no-install-recommends gosu && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json ./
RUN npm install --omit=dev
COPY . .
COPY docker/entrypoint.sh /usr/local/bin/
RUN mkdir -p /var/lib/shop/index && node build-index.js > /var/lib/shop/index/all.json
RUN mkdir -p /var/lib/shop/index /var/lib/shop \
    && chown -R 1000:1000 /app /var/lib/shop
# node
USER 1000:1000
ENTRYPOINT ["entrypoint.sh"]
CMD ["npm", "start"]
