#!/bin/sh
set -e
if [ "$(id -u)" != "0" ]; then
    exec "$@"
fi
mkdir -p /data
chown -R kept:kept /data
exec su-exec kept:kept "$@"
