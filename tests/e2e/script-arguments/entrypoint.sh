#!/bin/sh
set -e
mkdir -p var/run
export STAGE=ready
exec "$@"
