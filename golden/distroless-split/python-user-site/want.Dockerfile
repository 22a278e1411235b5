FROM python:3.13-slim AS builder
COPY requirements.txt /
RUN pip install --user -r /requirements.txt

FROM python:3.13-slim AS build
COPY --from=builder /root/.local /root/.local
ENV PATH=/root/.local/bin:$PATH
WORKDIR /app
COPY app.py .
CMD ["uvicorn", "app:app", "--host", "0.0.0.0"]

FROM build AS packages
RUN rm -rf /root/.local/lib/python3.13/site-packages/pip /root/.local/lib/python3.13/site-packages/pip-*.dist-info

FROM gcr.io/distroless/python3-debian13
ENV PATH=/root/.local/bin:$PATH
COPY --from=packages /root/.local/lib/python3.13/site-packages /usr/local/lib/python3.13/dist-packages
COPY --from=build --chown=65532:65532 /app /app
WORKDIR /app
USER 65532:65532
CMD ["-m", "uvicorn", "app:app", "--host", "0.0.0.0"]
