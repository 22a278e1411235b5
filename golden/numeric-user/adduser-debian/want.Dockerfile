FROM python:3.12-slim
RUN adduser --uid 1000 --disabled-password --gecos "" app
WORKDIR /home/app
COPY . .
# app
USER 1000
CMD ["python", "main.py"]
