#!/bin/sh
find /usr/share/notes -name "*.js" -print0 | xargs -0 sed -i "s|__API__|$API_URL|g"
exec python notes.py
