FROM python:3.12-slim
ARG LISTEN_PORT=8443
ENV LISTEN_PORT=$LISTEN_PORT
WORKDIR /app
COPY --chown=10001:10001 . .
EXPOSE $LISTEN_PORT
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /app
# appuser
USER 10001:10001
CMD exec uvicorn main:app --host 0.0.0.0 --port $LISTEN_PORT
