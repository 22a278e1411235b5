FROM node:22-alpine AS deps
WORKDIR /srv/shop
COPY package*.json ./
RUN npm ci

FROM node:22-alpine
ENV NODE_ENV=production
WORKDIR /srv/shop
COPY --from=deps --chown=1000:1000 /srv/shop/node_modules ./node_modules
COPY --chown=1000:1000 src ./src
RUN chown 1000:1000 /srv/shop
# node
USER 1000:1000
ENTRYPOINT ["node"]
CMD ["src/index.js"]
