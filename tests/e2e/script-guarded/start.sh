#!/bin/sh
set -e
if [ "$(id -u)" = 0 ]; then
    mkdir -p /var/lib/ledger
    chown -R 10001:10001 /var/lib/ledger
    exec su-exec 10001:10001 "$0" "$@"
fi
date > /var/lib/ledger/started
exec "$@"
