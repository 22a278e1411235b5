FROM python:3.13-alpine AS build
WORKDIR /app
COPY app.py .
CMD ["./app.py"]

FROM gcr.io/distroless/python3-debian13
COPY --from=build --chown=65532:65532 /app /app
WORKDIR /app
USER 65532:65532
CMD ["./app.py"]
