FROM python:3.12-slim
WORKDIR /app
COPY --chown=10001:10001 app.py .
EXPOSE 8080/tcp 8443/tcp
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /app
# appuser
USER 10001:10001
CMD ["hypercorn", "--bind", "0.0.0.0:8443", "-b", "0.0.0.0:8080", "app:app"]
