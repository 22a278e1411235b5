FROM python:3.12-slim AS common
WORKDIR /app
COPY . .
CMD ["python", "-m", "site"]

FROM common AS jobs
ENV ROLE=jobs
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown -R 10001:10001 /app
# appuser
USER 10001:10001

FROM common AS web
ENV ROLE=web
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown -R 10001:10001 /app
# appuser
USER 10001:10001
