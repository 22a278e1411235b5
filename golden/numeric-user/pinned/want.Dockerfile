FROM python:3.12-slim
RUN useradd --uid 1000 --create-home app
WORKDIR /home/app
COPY . .
# app
USER 1000
CMD ["python", "main.py"]
