from python:3.12-slim as run
workdir /app
copy --chown=10001:10001 . .
run pip install -r requirements.txt
run groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /app
# appuser
user 10001:10001
cmd ["python", "app.py"]
