FROM alpine:3.20
RUN apk add --no-cache curl jq
RUN addgroup -S -g 10001 appuser \
    && adduser -S -D -u 10001 -G appuser -s /sbin/nologin appuser
# appuser
USER 10001:10001
ENTRYPOINT ["jq"]
