FROM python:3.12-slim
COPY odbc.ini /etc/odbc.ini
COPY tools/ /usr/local/bin/
COPY --chown=10001:10001 agents/ /opt/collector/bin/
COPY --chown=10001:10001 web /opt/collector/web
WORKDIR /opt/collector
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /opt/collector
# appuser
USER 10001:10001
CMD ["python", "-m", "web"]
