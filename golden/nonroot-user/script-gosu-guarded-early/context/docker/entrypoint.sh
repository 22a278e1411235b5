#!/bin/sh
if [ "$(id -u)" -ne 0 ]; then
    exec "$@"
fi
chown node /app/cache
exec gosu node "$@"
