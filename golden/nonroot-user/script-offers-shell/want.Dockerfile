FROM node:24-slim
WORKDIR /app
COPY --chown=1000:1000 . .
RUN chown 1000:1000 /app
# node
USER 1000:1000
ENTRYPOINT ["/app/entrypoint.sh"]
CMD ["node", "server.js"]
