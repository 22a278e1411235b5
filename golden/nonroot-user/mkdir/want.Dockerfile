FROM python:3.12-slim
RUN mkdir -p /data/in /data/out /var/log/etl \
    && mkdir /etc/etl
WORKDIR /opt/etl
COPY --chown=10001:10001 . .
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /data/in /data/out /var/log/etl /opt/etl
# appuser
USER 10001:10001
CMD ["python", "etl.py"]
