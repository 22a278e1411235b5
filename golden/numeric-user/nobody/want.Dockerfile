FROM debian:12-slim
COPY --chmod=755 relay /usr/local/bin/relay
# nobody
USER 65534
CMD ["/usr/local/bin/relay"]
