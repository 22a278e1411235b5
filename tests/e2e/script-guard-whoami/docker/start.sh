#!/bin/sh
set -eu
if [ "$(whoami)" = root ]; then
    mkdir -p /app/cache
    chown -R node:node /app/cache
    exec setpriv --reuid=node --regid=node --init-groups "$0" "$@"
fi
echo warm > /app/cache/state
exec "$@"
