#!/bin/sh
set -e
chown -R www-data:www-data /srv/notes/media
exec "$@"
