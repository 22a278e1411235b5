FROM node:20-alpine
WORKDIR /app
COPY --chown=1000:1000 . .
RUN chown 1000:1000 /app
# node
USER 1000:1000
# check=skip=JSONArgsRecommended
CMD node server.js
