FROM python:3.12-alpine
RUN apk add --no-cache libpq
WORKDIR /srv/bot
COPY --chown=10001:10001 . .
RUN pip install -r requirements.txt
RUN addgroup -S -g 10001 appuser \
    && adduser -S -D -u 10001 -G appuser -s /sbin/nologin appuser \
    && chown 10001:10001 /srv/bot
# appuser
USER 10001:10001
CMD ["python", "-m", "bot"]
