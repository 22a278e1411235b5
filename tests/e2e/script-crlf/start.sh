#!/bin/sh
set -e
touch cured
exec python web.py
