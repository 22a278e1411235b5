#!/bin/bash
set -e
if [ "$(whoami)" = root ]; then
    chown -R node:node /var/lib/shop
    chmod 755 /var/lib/shop
    exec su-exec node "$0" "$@"
fi
exec "$@"
