FROM python:3.12-slim
WORKDIR /app
COPY --chown=20010:20000 . .
RUN groupadd --gid 20000 payments \
    && useradd --uid 20010 --gid 20000 --no-log-init --create-home --shell /usr/sbin/nologin payments \
    && chown 20010:20000 /app
# payments
USER 20010:20000
CMD ["python", "main.py"]
