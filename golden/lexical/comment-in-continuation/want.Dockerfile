FROM debian:12-slim
RUN apt-get update && apt-get install -y \
    # USER root
    python3 \
    # the next one is for exports \
    python3-reportlab \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/report
COPY --chown=10001:10001 report.py .
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /opt/report
# appuser
USER 10001:10001
CMD ["python3", \
     # verbose
     "report.py"]
