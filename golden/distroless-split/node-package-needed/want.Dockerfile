FROM node:24-slim
RUN apt-get update && apt-get install -y ffmpeg
WORKDIR /app
COPY --chown=1000:1000 . .
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", "server.js"]
