#!/bin/sh
./wait-for-it.sh db:5432 -t 30
exec ./wait-for-it.sh cache:6379 -- gunicorn -b 0.0.0.0:8000 notes:app
