#!/bin/sh
echo "api: $API_URL" > "$CONF/notes.yaml"
exec python notes.py
