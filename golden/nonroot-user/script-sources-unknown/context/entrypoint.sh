#!/bin/sh
. /run/secrets/environment
exec "$@"
