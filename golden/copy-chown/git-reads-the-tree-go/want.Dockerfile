FROM golang:1.24
WORKDIR /app
COPY . .
RUN go build -o /usr/local/bin/app .
COPY web /app/web
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown -R 10001:10001 /app
# appuser
USER 10001:10001
CMD ["/usr/local/bin/app"]
