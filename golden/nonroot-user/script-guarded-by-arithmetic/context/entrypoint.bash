#!/bin/bash
set -e
if (( EUID == 0 )); then
    mkdir -p /var/lib/rows
    chown -R rows /var/lib/rows
    exec gosu rows "$BASH_SOURCE" "$@"
fi
exec "$@"
