FROM python:3.12-slim
RUN useradd --uid 2600 --create-home --user-group app
WORKDIR /home/app
COPY --chown=2600:2600 . .
# app
USER 2600:2600
CMD ["python", "main.py"]
