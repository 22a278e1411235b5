#!/bin/sh
echo home > "$WIKI_DATA/home.txt"
exec python wiki.py
