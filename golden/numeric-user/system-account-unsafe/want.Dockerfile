FROM debian:12
RUN apt-get update && apt-get install -y dbus
RUN groupadd --system metrics \
    && useradd --uid 10001 --system --gid metrics --no-create-home metrics
RUN apt-get update && apt-get install -y python3
WORKDIR /opt/exporter
COPY exporter.py .
# metrics
USER 10001
CMD ["python3", "exporter.py"]
