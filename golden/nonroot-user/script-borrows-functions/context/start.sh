#!/bin/sh
. "$(dirname "$0")/lib/common.sh"
prepare
exec python notes.py
