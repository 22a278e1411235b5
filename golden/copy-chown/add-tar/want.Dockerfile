FROM python:3.12-slim
WORKDIR /app
ADD vendor.tar.gz /app/vendor
COPY --chown=10001:10001 main.py .
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /app \
    && chown -R 10001:10001 /app/vendor
# appuser
USER 10001:10001
CMD ["python", "main.py"]
