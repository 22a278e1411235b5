FROM debian:12
RUN apt-get update && apt-get install -y --no-install-recommends znc \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /data
EXPOSE 6697
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /data
# appuser
USER 10001:10001
CMD ["znc", "--foreground", "--datadir=/data"]
