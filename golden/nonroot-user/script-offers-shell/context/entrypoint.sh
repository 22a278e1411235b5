#!/bin/sh
set -e
case "$1" in
    shell) exec /bin/sh ;;
    test) exec npm test ;;
    *) exec "$@" ;;
esac
