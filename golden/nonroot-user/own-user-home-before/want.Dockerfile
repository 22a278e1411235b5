FROM python:3.12-slim
WORKDIR /home/app
COPY --chown=1234:1234 . .
RUN useradd --uid 1234 --home-dir /home/app app
RUN chown 1234:1234 /home/app
# app
USER 1234:1234
CMD ["python", "main.py"]
