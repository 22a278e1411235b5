FROM golang:1.22 AS prod
WORKDIR /app
COPY . .
RUN CGO_ENABLED=0 go build -o server .
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown -R 10001:10001 /app
# appuser
USER 10001:10001
CMD ["/app/server"]

FROM alpine:3.20 AS test
COPY --from=prod /app/main.go /main.go
CMD ["cat", "/main.go"]
