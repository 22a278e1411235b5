FROM rust:1.83 AS builder
WORKDIR /usr/src/quill
COPY . .
RUN cargo build --release

FROM debian:bookworm-slim
WORKDIR /opt/quill
COPY --from=builder /usr/src/quill/target/release/quill ./quill
COPY --chown=10001:10001 templates ./templates
EXPOSE 8000
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /opt/quill
# appuser
USER 10001:10001
CMD ["./quill"]
