#!/bin/sh
. ./environment.sh
exec "$@"
