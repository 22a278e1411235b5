FROM python:3.12-slim
ENV DATABASE_URL=sqlite:////data/app.db \
    UPLOAD_DIR=/uploads
WORKDIR /app
COPY --chown=10001:10001 . .
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && mkdir -p /data /uploads \
    && chown 10001:10001 /data /uploads /app
# appuser
USER 10001:10001
CMD ["python", "main.py"]
