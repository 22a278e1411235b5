FROM golang:1.21
COPY --chown=10001:10001 static /go/src/shop/static
COPY shop /usr/local/bin/shop
WORKDIR /go/src/shop
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /go/src/shop
# appuser
USER 10001:10001
CMD ["/usr/local/bin/shop"]
