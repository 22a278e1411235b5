#!/bin/sh
set -e
if [ "$1" = 'npm' ] && [ "$(id -u)" = '0' ]; then
    mkdir -p /data/uploads
    chown -R node:node /data/uploads
    exec gosu node "$0" "$@"
fi
exec "$@"
