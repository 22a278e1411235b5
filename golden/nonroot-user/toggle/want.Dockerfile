FROM node:20
WORKDIR /app
RUN chown node /app
USER node
COPY --chown=node package*.json ./
RUN npm ci
USER root
RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg
# node
USER 1000:1000
CMD ["node", "encode.js"]
