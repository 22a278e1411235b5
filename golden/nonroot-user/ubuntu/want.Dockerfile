FROM ubuntu:22.04
ENV DEBIAN_FRONTEND=noninteractive
RUN apt-get update && \
    apt-get install -y python3 python3-pip && \
    rm -rf /var/lib/apt/lists/*
WORKDIR /opt/monitor
COPY --chown=10001:10001 . .
RUN pip3 install -r requirements.txt
RUN groupadd --gid 10001 appuser && \
    useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser && \
    chown 10001:10001 /opt/monitor
# appuser
USER 10001:10001
CMD ["python3", "monitor.py"]
