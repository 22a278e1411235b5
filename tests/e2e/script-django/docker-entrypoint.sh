#!/bin/bash
set -euo pipefail

echo "Applying migrations"
python manage.py migrate --noinput

if [ "${COLLECT_STATIC:-1}" = "1" ]; then
    python manage.py collectstatic --noinput --clear
fi

exec "$@"
