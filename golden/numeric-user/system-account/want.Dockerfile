FROM debian:12
RUN useradd --uid 999 --system --no-create-home exporter
COPY exporter.py /opt/exporter.py
RUN apt-get update && apt-get install -y python3
# exporter
USER 999
CMD ["python3", "/opt/exporter.py"]
