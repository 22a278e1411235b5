#!/bin/sh
set -e
cd /usr/share/site
sed -i "s|__API__|$API_URL|" config.js
cd /app
exec node server.js
