FROM python:3.12-slim
COPY --from=ghcr.io/astral-sh/uv:0.5 /uv /usr/local/bin/uv
WORKDIR /app
COPY --from=acme/models:7 --chown=10001:10001 /models/small ./models
COPY --chown=10001:10001 . .
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /app
# appuser
USER 10001:10001
CMD ["python", "serve.py"]
