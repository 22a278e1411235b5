#!/bin/bash
if [ "$EUID" -eq 0 ]; then
    update-ca-certificates
    exec gosu node "$BASH_SOURCE" "$@"
fi
exec "$@"
