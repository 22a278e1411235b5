FROM debian:12-slim
COPY relay /usr/local/bin/relay
# nobody
USER 65534:65534
CMD ["/usr/local/bin/relay"]
