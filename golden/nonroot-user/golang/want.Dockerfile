FROM golang:1.24
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN go build -o /usr/local/bin/ledger ./cmd/ledger
EXPOSE 9090
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown -R 10001:10001 /src
# appuser
USER 10001:10001
CMD ["/usr/local/bin/ledger", "serve"]
