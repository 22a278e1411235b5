FROM node:20-slim
WORKDIR /opt
WORKDIR shop/api
COPY --chown=1000:1000 . .
RUN chown 1000:1000 /opt/shop/api
# node
USER 1000:1000
CMD ["node", "api.js"]
