FROM python:3.13-slim
WORKDIR /srv/notes
COPY --chown=10001:10001 . .
RUN sed -i 's/\r$//' start.sh && chmod +x start.sh
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /srv/notes
# appuser
USER 10001:10001
CMD ["./start.sh"]
