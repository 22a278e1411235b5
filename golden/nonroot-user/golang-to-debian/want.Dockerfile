FROM golang:1.22-bookworm AS builder
COPY . /src
WORKDIR /src
RUN go build -o /bin/ingest ./cmd/ingest

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y ca-certificates && rm -rf /var/lib/apt/lists/*
COPY --from=builder /bin/ingest /bin/ingest
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser
# appuser
USER 10001:10001
CMD ["/bin/ingest"]
