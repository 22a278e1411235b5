FROM python:3.12-alpine
WORKDIR /srv/site
COPY --chown=10001:10001 site/ .
EXPOSE 8080
HEALTHCHECK --interval=30s CMD wget -qO /dev/null http://localhost:8080/ || exit 1
RUN addgroup -S -g 10001 appuser \
    && adduser -S -D -u 10001 -G appuser -s /sbin/nologin appuser \
    && chown 10001:10001 /srv/site
# appuser
USER 10001:10001
CMD ["python", "-m", "http.server", "8080"]
