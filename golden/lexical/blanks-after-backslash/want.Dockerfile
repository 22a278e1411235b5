FROM debian:12-slim
RUN apt-get update && \  
    apt-get install -y python3 && \	
    rm -rf /var/lib/apt/lists/*
WORKDIR /opt/app
COPY --chown=10001:10001 \ 
  app.py \	 
  /opt/app/
RUN groupadd --gid 10001 appuser && \
    useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser && \
    chown 10001:10001 /opt/app
# appuser
USER 10001:10001
CMD ["python3", "app.py"]
