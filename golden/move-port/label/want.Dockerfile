FROM python:3.12-slim
LABEL org.opencontainers.image.title="shop" \
      traefik.http.services.shop.loadbalancer.server.port="8080" \
      weight=80
WORKDIR /app
COPY --chown=10001:10001 app.py .
EXPOSE 8080
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /app
# appuser
USER 10001:10001
CMD ["gunicorn", "-b", "0.0.0.0:8080", "app:app"]
