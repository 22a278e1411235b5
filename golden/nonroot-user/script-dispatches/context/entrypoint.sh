#!/bin/sh
set -e
case "$1" in
    web) exec gunicorn -b 0.0.0.0:8000 notes:app ;;
    worker) exec celery -A notes worker ;;
    *) exec "$@" ;;
esac
