FROM node:20-bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /usr/src/app
COPY --chown=1000:1000 dist/ dist/
RUN chown 1000:1000 /usr/src/app
# node
USER 1000:1000
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["node", "dist/main.js"]
