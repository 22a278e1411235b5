#!/bin/sh
install_tools() {
    apt-get update
}
prepare() {
    mkdir -p var/cache
}
prepare
exec "$@"
