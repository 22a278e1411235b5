#!/bin/bash
if [ "$(id -u)" -ne 0 ]; then
    echo "must be run as root" >&2
    exit 1
fi
exec "$@"
