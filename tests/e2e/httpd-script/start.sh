#!/bin/sh
set -e
echo "ServerName ${SERVER_NAME:-localhost}" > /usr/local/apache2/conf/name.conf
grep -q name.conf /usr/local/apache2/conf/httpd.conf ||
    echo "Include conf/name.conf" >> /usr/local/apache2/conf/httpd.conf
exec httpd-foreground
