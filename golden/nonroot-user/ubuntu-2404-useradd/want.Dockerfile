FROM ubuntu:24.04
RUN apt-get update && apt-get install -y python3 && useradd --uid 1001 -m app
WORKDIR /app
COPY --chown=1001:1001 . .
RUN chown 1001:1001 /app
# app
USER 1001:1001
CMD ["python3", "main.py"]
