FROM debian:12-slim
RUN bash -c 'cat <<<"USER 1000"' && echo "<<EOF" && echo $((1<<3))
COPY --from=python:3.12-slim /usr/local /usr/local
WORKDIR /app
COPY --chown=10001:10001 . .
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /app
# appuser
USER 10001:10001
CMD ["/usr/local/bin/python3", "main.py"]
