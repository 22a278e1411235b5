FROM python:3.12-slim
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/reef
COPY --chown=10001:10001 . .
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /srv/reef
# appuser
USER 10001:10001
ENTRYPOINT ["/srv/reef/begin.sh"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "reef:app"]
