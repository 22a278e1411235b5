#!/bin/sh
usermod -u "${PUID:-1000}" node
exec gosu node "$@"
