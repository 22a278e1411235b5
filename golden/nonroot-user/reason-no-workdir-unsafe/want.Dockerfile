FROM python:3.12-slim
COPY sync.py /usr/local/lib/sync.py
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser
# appuser
USER 10001:10001
CMD ["python", "/usr/local/lib/sync.py"]
