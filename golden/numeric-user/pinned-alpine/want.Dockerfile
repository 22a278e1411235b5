FROM python:3.12-alpine
RUN apk add --no-cache libffi && \
    adduser -u 1000 -D -h /srv/app app && \
    pip install gunicorn
WORKDIR /srv/app
COPY . .
# app
USER 1000
CMD ["gunicorn", "app:app"]
