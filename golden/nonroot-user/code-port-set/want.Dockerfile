FROM node:22-slim
WORKDIR /srv
ENV PORT=8080
COPY --chown=1000:1000 . .
RUN chown 1000:1000 /srv
# node
USER 1000:1000
CMD ["node", "quay.js"]
