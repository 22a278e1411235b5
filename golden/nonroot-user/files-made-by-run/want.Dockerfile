FROM python:3.12-slim
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt && python manage.py migrate
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown -R 10001:10001 /app
# appuser
USER 10001:10001
CMD ["gunicorn", "site.wsgi"]
