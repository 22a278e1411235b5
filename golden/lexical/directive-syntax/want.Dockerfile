# syntax=docker/dockerfile:1.9
# check=skip=JSONArgsRecommended;error=true
# escape=\

# Mail gateway
FROM node:20-alpine AS gateway
WORKDIR /app
COPY --link --chown=1000:1000 . .
RUN chown 1000:1000 /app
# node
USER 1000:1000
CMD node gateway.js
