FROM node:20-alpine
WORKDIR /app
RUN apk add --no-cache git \

    openssh-client \

    tini
COPY --chown=1000:1000 . .
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD ["node", \

     "server.js"]
