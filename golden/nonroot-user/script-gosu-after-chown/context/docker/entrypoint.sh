#!/bin/sh
set -e
chown -R node:node /app/cache
exec gosu node "$@"
