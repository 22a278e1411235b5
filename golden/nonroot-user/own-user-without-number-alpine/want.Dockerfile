FROM python:3.12-alpine
RUN adduser -u 1000 -D app
WORKDIR /home/app
COPY --chown=1000:1000 . .
RUN chown 1000:1000 /home/app
# app
USER 1000:1000
CMD ["python", "server.py"]
