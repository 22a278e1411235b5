FROM node:20-slim
WORKDIR /app
COPY --chmod=0644 --chown=1000:1000 \
     # what npm needs
     package.json \
     package-lock.json \
     ./
COPY --chown=1000:1000 \
  src \
  /app/src/
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "src/main.js"]
