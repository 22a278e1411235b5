FROM python:3.12-slim
WORKDIR /app
# unroot: ignore=copy-chown the code is read-only
COPY . .
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /app
# appuser
USER 10001:10001
CMD ["python", "main.py"]
