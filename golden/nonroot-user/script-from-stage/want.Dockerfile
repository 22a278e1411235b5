FROM golang:1.24 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /out/ledger ./cmd/ledger

FROM alpine:3.22
COPY --from=build /out/ledger /usr/local/bin/ledger
COPY --from=build /src/scripts/start.sh /start.sh
WORKDIR /var/lib/app
RUN addgroup -S -g 10001 appuser \
    && adduser -S -D -u 10001 -G appuser -s /sbin/nologin appuser \
    && chown 10001:10001 /var/lib/app
# appuser
USER 10001:10001
CMD ["/start.sh"]
