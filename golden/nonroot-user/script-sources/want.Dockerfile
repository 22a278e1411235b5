FROM python:3.13-slim
WORKDIR /srv/notes
COPY --chown=10001:10001 . .
RUN pip install --no-cache-dir -r requirements.txt
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /srv/notes
# appuser
USER 10001:10001
ENTRYPOINT ["/srv/notes/entrypoint.sh"]
CMD ["gunicorn", "-b", "0.0.0.0:8000", "notes:app"]
