#!/bin/bash
set -e
if (( EUID == 0 )); then
    chown -R rows /var/lib/rows
    exec gosu rows "$BASH_SOURCE" "$@"
fi
echo row > /var/lib/rows/table
exec "$@"
