FROM debian:12 AS build
RUN useradd --uid 4500 deploy
COPY --chown=deploy . /out

FROM python:3.12-slim
COPY --from=build --chown=4500:4500 /out /app
USER 4500:4500
CMD ["python", "/app/main.py"]
