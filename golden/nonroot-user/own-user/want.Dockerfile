FROM python:3.12-slim
RUN groupadd -g 5000 svc && useradd -u 5000 -g svc -m svc
WORKDIR /app
COPY --chown=5000:5000 . .
RUN pip install -r requirements.txt
RUN chown 5000:5000 /app
# svc
USER 5000:5000
CMD ["python", "main.py"]
