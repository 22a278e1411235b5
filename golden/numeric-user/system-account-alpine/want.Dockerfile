FROM alpine:3.20
RUN apk add --no-cache nodejs ca-certificates \
 && addgroup -S web && adduser -u 100 -S -G web web
COPY app.js /srv/web/
# web
USER 100
CMD ["node", "/srv/web/app.js"]
