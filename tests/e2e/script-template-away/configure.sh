#!/bin/sh
set -e
sed -e "s|@API_URL@|${API_URL}|g" /var/www/site/config.template.js > /var/www/site/config.js
exec httpd -f -p 8100 -h /var/www/site
