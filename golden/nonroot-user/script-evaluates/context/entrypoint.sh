#!/bin/sh
eval "$PRE_START"
exec "$@"
