FROM caddy:2-alpine
COPY Caddyfile /etc/caddy/Caddyfile
COPY --chown=10001:10001 dist /srv
EXPOSE 8080
RUN addgroup -S -g 10001 appuser \
    && adduser -S -D -u 10001 -G appuser -s /sbin/nologin appuser \
    && chown 10001:10001 /config/caddy /data/caddy
# appuser
USER 10001:10001
