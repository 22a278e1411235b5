#!/bin/bash
[ -d tmp ] || mkdir tmp
if [ -n "${WAIT:-}" ]; then sleep "$WAIT"; fi
exec "$@"
