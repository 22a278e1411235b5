#!/bin/sh
chown -R www-data:www-data /srv/notes/media || true
exec "$@"
