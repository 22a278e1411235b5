FROM debian:12-slim
RUN apt-get update && apt-get install -y python3 && \
    useradd --uid 1000 --create-home --shell /bin/bash runner
WORKDIR /srv/job
COPY --chown=1000:1000 job.py .
RUN chown 1000:1000 /srv/job
# runner
USER 1000:1000
CMD ["python3", "job.py"]
