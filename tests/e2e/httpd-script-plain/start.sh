#!/bin/sh
set -e
log=/usr/local/apache2/logs/start.log
echo "starting for $SITE" >> "$log"
rm -f /usr/local/apache2/logs/httpd.pid
exec httpd-foreground "$@"
