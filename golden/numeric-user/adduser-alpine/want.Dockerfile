FROM alpine:3.20
RUN apk add --no-cache nodejs \
 && addgroup -g 2001 -S web \
 && adduser -S -u 2001 -G web web
COPY app.js /srv/web/
# web
USER 2001:2001
CMD ["node", "/srv/web/app.js"]
