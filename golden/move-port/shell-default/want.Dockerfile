FROM node:22-alpine
WORKDIR /app
COPY --chown=1000:1000 . .
EXPOSE 8080
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["sh", "-c", "exec node server.js --port \"${PORT:-8080}\""]
