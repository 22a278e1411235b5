FROM registry.acme.example/platform/python-run:1.4
RUN apk add --no-cache libxml2
WORKDIR /srv
COPY --chown=10001:10001 web ./web
RUN addgroup -S -g 10001 appuser \
    && adduser -S -D -u 10001 -G appuser -s /sbin/nologin appuser \
    && chown 10001:10001 /srv
# appuser
USER 10001:10001
CMD ["python3", "-m", "web"]
