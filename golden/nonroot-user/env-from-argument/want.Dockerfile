FROM python:3.12-slim
ARG DATA_ROOT=/data
ENV SQLITE_DIR=${DATA_ROOT}/db
RUN mkdir -p "$SQLITE_DIR"
WORKDIR /app
COPY --chown=10001:10001 . .
RUN pip install --no-cache-dir -r requirements.txt
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && mkdir -p /data/db \
    && chown 10001:10001 /data/db /app
# appuser
USER 10001:10001
CMD ["python", "main.py"]
