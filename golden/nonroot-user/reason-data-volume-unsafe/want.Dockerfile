FROM python:3.12-slim
WORKDIR /app
COPY --chown=10001:10001 notes.py .
RUN mkdir -p /app/data /var/lib/notes \
    && chown 10001:10001 /app/data /var/lib/notes
VOLUME ["/app/data", "/var/lib/notes"]
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /app
# appuser
USER 10001:10001
CMD ["python", "notes.py", "--db", "/app/data/notes.db"]
