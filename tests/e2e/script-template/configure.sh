#!/bin/sh
set -e
cd /srv/site
sed -e "s|@API_URL@|${API_URL}|g" config.template.js > config.js.tmp
mv config.js.tmp config.js
exec "$@"
