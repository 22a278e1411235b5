FROM python:3.13-slim
RUN useradd -u 4001 -m builder && useradd -u 4002 -m service
WORKDIR /app
COPY --chown=4002:4002 . .
RUN mkdir var && chown service var
RUN chown 4002:4002 /app
# service
USER 4002:4002
CMD ["python", "-m", "service"]
