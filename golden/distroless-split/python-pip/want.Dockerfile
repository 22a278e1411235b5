FROM python:3.13-slim AS build
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY . .
EXPOSE 8000
HEALTHCHECK CMD python -c "import urllib.request as u; u.urlopen('http://localhost:8000')" || exit 1
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]

FROM build AS packages
RUN rm -rf /usr/local/lib/python3.13/site-packages/pip /usr/local/lib/python3.13/site-packages/pip-*.dist-info

FROM gcr.io/distroless/python3-debian13
ENV PYTHONUNBUFFERED=1
COPY --from=packages /usr/local/lib/python3.13/site-packages /usr/local/lib/python3.13/dist-packages
COPY --from=build --chown=65532:65532 /app /app
WORKDIR /app
EXPOSE 8000
HEALTHCHECK CMD ["/usr/bin/python3", "-c", "import urllib.request as u; u.urlopen('http://localhost:8000')"]
USER 65532:65532
CMD ["-m", "gunicorn", "-b", "0.0.0.0:8000", "app:app"]
