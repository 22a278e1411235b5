#!/bin/sh
host="$1"
shift
exec "$@"
