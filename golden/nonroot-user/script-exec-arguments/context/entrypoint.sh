#!/bin/sh
set -e
export NOTES_STARTED="$(date)"
echo "starting $*"
exec "$@"
