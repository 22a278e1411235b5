FROM python:3.12-slim
RUN groupadd -r app && useradd --uid 10001 -r -g app app
WORKDIR /app
COPY --chown=app:app . .
RUN chown 10001 /app
# app
USER 10001
CMD ["python", "main.py"]
