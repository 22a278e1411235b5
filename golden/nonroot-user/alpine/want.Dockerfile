# syntax=docker/dockerfile:1
FROM alpine:3.21
RUN apk add --no-cache curl jq
WORKDIR /srv/poll
COPY --chmod=755 <<'EOF' /usr/local/bin/poll
#!/bin/sh
while sleep 60; do
    curl -fsS "$TARGET" | jq .status
done
EOF
RUN addgroup -S -g 10001 appuser \
    && adduser -S -D -u 10001 -G appuser -s /sbin/nologin appuser \
    && chown 10001:10001 /srv/poll
# appuser
USER 10001:10001
CMD ["/usr/local/bin/poll"]
