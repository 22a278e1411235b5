FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates curl openjdk-17-jre-headless \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/localdb
RUN curl -fsSL https://example.com/localdb_latest.tar.gz | tar xz
EXPOSE 7999
RUN groupadd --gid 10001 appuser \
 && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
 && chown -R 10001:10001 /srv/localdb
# appuser
USER 10001:10001
CMD ["java", "-Djava.library.path=native", "-jar", "localdb.jar", "-port", "7999"]
