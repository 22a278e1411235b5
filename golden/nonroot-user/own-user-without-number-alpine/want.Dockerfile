FROM python:3.12-alpine
RUN adduser -u 1000 -D app
WORKDIR /srv/app
COPY --chown=1000:1000 . .
RUN chown 1000:1000 /srv/app
# app
USER 1000:1000
CMD ["python", "server.py"]
