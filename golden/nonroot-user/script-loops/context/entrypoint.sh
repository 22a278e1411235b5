#!/bin/bash
celery -A notes worker &
gunicorn -b 0.0.0.0:8000 notes:app &
wait -n
