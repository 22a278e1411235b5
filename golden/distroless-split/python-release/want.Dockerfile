FROM python:3.11 AS build
WORKDIR /app
COPY app.py .
RUN pip install numpy
CMD ["python", "app.py"]

FROM build AS packages
RUN rm -rf /usr/local/lib/python3.11/site-packages/pip /usr/local/lib/python3.11/site-packages/pip-*.dist-info

FROM gcr.io/distroless/python3-debian12
COPY --from=packages /usr/local/lib/python3.11/site-packages /usr/local/lib/python3.11/dist-packages
COPY --from=build --chown=65532:65532 /app /app
WORKDIR /app
USER 65532:65532
CMD ["app.py"]
