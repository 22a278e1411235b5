#!/bin/sh
set -e
sed -i "s|__API__|$API_URL|" static/config.js
sed 's/x/y/' static/config.js
exec "$@"
