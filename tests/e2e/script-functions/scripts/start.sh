#!/usr/bin/env bash
set -Eeuo pipefail

log() {
    echo "[$(date +%T)] $*" >&2
}

die() {
    log "$@"
    exit 1
}

require() {
    local name=$1
    [[ -n "${!name:-}" ]] || die "missing: $name"
}

prepare() {
    mkdir -p run
    echo "$MODE" > run/mode
    rm -f run/server.pid
}

main() {
    require MODE
    prepare
    log "listening on ${1:-8000}"
    exec python -u web.py "$@"
}

trap 'log stopped' EXIT
main "$@"
