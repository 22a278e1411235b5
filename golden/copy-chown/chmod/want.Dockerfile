FROM node:20-slim
WORKDIR /app
COPY --chmod=0755 --chown=1000:1000 scripts/ scripts/
COPY --parents --exclude=*.test.js --chown=1000:1000 src/**/*.js ./
ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d --chown=1000:1000 https://data.example.com/geo.db /app/geo.db
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "src/main.js"]
