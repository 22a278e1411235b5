#!/bin/sh
set -e
until pg_isready -q -d "$DATABASE_URL"; do
    sleep 1
done
psql -c 'select 1' "$DATABASE_URL" >/dev/null
echo "settings of $(stat -c %y settings.py), $(sha256sum settings.py)"
exec "$@"
