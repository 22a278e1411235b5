FROM debian:12-slim
RUN groupadd --gid 1500 app && useradd --uid 1500 --gid app app
RUN apt-get update && apt-get install -y python3
COPY main.py /opt/app/main.py
# app
USER 1500
ENTRYPOINT ["python3", "/opt/app/main.py"]
