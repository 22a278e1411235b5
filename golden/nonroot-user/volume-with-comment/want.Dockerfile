FROM python:3.12-slim
WORKDIR /app
COPY --chown=10001:10001 . .

# the volume belongs to the user that runs
RUN mkdir -p /app/uploads \
    && chown 10001:10001 /app/uploads

# uploads of users
VOLUME /app/uploads

# the user, and what it must be able to write
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /app

# appuser: do not run as root
USER 10001:10001

# hadolint ignore=DL3025
CMD python main.py
