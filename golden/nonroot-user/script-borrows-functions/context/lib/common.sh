prepare() {
    mkdir -p var
    log "ready"
}

log() {
    echo "$*" >&2
}
