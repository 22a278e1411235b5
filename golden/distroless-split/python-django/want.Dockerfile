FROM python:3.13-slim AS build
WORKDIR /srv/site
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
RUN python manage.py collectstatic --noinput
USER nobody
EXPOSE 8000
CMD ["gunicorn", "site.wsgi:application", "--bind", "0.0.0.0:8000"]

FROM build AS packages
USER root
RUN rm -rf /usr/local/lib/python3.13/site-packages/pip /usr/local/lib/python3.13/site-packages/pip-*.dist-info

FROM gcr.io/distroless/python3-debian13
COPY --from=packages /usr/local/lib/python3.13/site-packages /usr/local/lib/python3.13/dist-packages
COPY --from=build --chown=65532:65532 /srv/site /srv/site
WORKDIR /srv/site
EXPOSE 8000
USER 65532:65532
CMD ["-m", "gunicorn", "site.wsgi:application", "--bind", "0.0.0.0:8000"]
