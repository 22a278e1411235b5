#!/bin/sh
set -e

case "$1" in
    web)
        shift
        node fill.js
        exec node index.js web "$@"
        ;;
    worker)
        exec node worker.js
        ;;
    shell)
        exec /bin/sh
        ;;
    -*)
        exec node index.js "$@"
        ;;
    *)
        exec "$@"
        ;;
esac
