FROM ubuntu:24.04
RUN apt-get update && apt-get install -y --no-install-recommends nodejs
WORKDIR /app
COPY --chown=10001:10001 server.mjs .
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /app
# appuser
USER 10001:10001
CMD ["node", "server.mjs"]
