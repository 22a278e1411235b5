# Сервер очереди — 待ち行列
FROM python:3.12-slim
LABEL maintainer="Łukasz 😀"
WORKDIR /données
COPY --chown=10001:10001 größe.py .
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 '/données'
# appuser
USER 10001:10001
CMD ["python", "größe.py"]
