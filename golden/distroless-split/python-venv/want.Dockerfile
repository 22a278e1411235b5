FROM python:3.13 AS builder
ENV VIRTUAL_ENV=/opt/venv
RUN python -m venv $VIRTUAL_ENV
ENV PATH="$VIRTUAL_ENV/bin:$PATH"
COPY requirements.txt .
RUN pip install -r requirements.txt

FROM python:3.13-slim AS build
ENV VIRTUAL_ENV=/opt/venv
COPY --from=builder $VIRTUAL_ENV $VIRTUAL_ENV
ENV PATH="$VIRTUAL_ENV/bin:$PATH"
WORKDIR /app
COPY app.py .
ENTRYPOINT ["/opt/venv/bin/python", "-u", "app.py"]
CMD ["--quiet"]

FROM build AS packages
RUN rm -rf /opt/venv/lib/python3.13/site-packages/pip /opt/venv/lib/python3.13/site-packages/pip-*.dist-info

FROM gcr.io/distroless/python3-debian13
ENV PATH="/opt/venv/bin:$PATH"
COPY --from=packages /opt/venv/lib/python3.13/site-packages /usr/local/lib/python3.13/dist-packages
COPY --from=build --chown=65532:65532 /app /app
WORKDIR /app
USER 65532:65532
ENTRYPOINT ["/usr/bin/python3", "-u", "app.py"]
CMD ["--quiet"]
