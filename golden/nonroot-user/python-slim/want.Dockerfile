FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1
WORKDIR /app
COPY --chown=10001:10001 requirements.txt ./
RUN pip install -r requirements.txt
COPY --chown=10001:10001 . /app
EXPOSE 8080
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /app
# appuser
USER 10001:10001
ENTRYPOINT ["gunicorn", "--config", "gunicorn.conf.py", "wsgi:application"]
