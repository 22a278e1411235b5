FROM python:3.12-slim AS server
WORKDIR /srv/tide
COPY . .
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown -R 10001:10001 /srv/tide
# appuser
USER 10001:10001
CMD ["python3", "tide.py"]

# what developers want
FROM server AS workbench
USER 0
RUN apt-get update && apt-get install -y --no-install-recommends git strace
RUN useradd -m dev

FROM workbench AS more
COPY --from=busybox /bin/vi /usr/local/bin/vi
