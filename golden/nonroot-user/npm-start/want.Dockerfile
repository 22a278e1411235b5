FROM node:24-slim
WORKDIR /srv/shop
COPY --chown=1000:1000 package.json package-lock.json ./
RUN npm ci --omit=dev
COPY --chown=1000:1000 . .
EXPOSE 3000
RUN chown 1000:1000 /srv/shop
# node
USER 1000:1000
CMD ["npm", "start"]
