#!/bin/sh
find /srv/notes/static -name "*.js" -exec sed -i "s|__API__|$API_URL|g" {} +
exec python notes.py
