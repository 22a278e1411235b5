FROM python:3.13
WORKDIR /code
COPY --chown=10001:10001 requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY --chown=10001:10001 app ./app
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /code
# appuser
USER 10001:10001
CMD ["uvicorn", "app.main:api", "--host", "0.0.0.0", "--port", "8000"]
