#!/bin/sh
sed -i "s|__API__|$API_URL|" /usr/share/notes/config.js
exec "$@"
