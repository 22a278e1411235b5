FROM python:3.12-slim
COPY --chown=10001:10001 . /srv/shop
RUN pip install --no-cache-dir -r /srv/shop/requirements.txt
WORKDIR /srv/shop/web
RUN groupadd --gid 10001 appuser \
    && useradd --uid 10001 --gid 10001 --no-log-init --create-home --shell /usr/sbin/nologin appuser \
    && chown 10001:10001 /srv/shop/web
# appuser
USER 10001:10001
CMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]
