FROM python:3.13
WORKDIR /app
COPY --chown=10001:10001 app.py .
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /app
# appuser
USER 10001:10001
CMD python app.py --port $PORT
