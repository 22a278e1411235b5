#!/usr/bin/env bats
# What Compose files mount and publish.
load helper

answer() {
    printf '%s\n' "$output" | jq -r '"\(.answer) \(.reason // "-")"'
}

# compose TARGET LINE…: the service's build and what else it has.
compose() {
    {
        printf 'services:\n  web:\n    build:\n      context: .\n'
        [ -z "$1" ] || printf '      target: %s\n' "$1"
        shift
        printf '    %s\n' "$@"
    } >compose.yaml
}

stages() {
    printf 'FROM node:24 AS develop\nWORKDIR /app\nCOPY . .\nCMD ["node", "--watch", "a.js"]\n' >Dockerfile
    printf 'FROM node:24 AS final\nWORKDIR /app\nCOPY . .\nCMD ["node", "a.js"]\n' >>Dockerfile
}

@test "what is mounted for development is of no concern" {
    stages
    compose dev 'volumes:' '  - ./src:/srv/src' '  - cache:/var/cache/web' 'ports: ["80:80"]'
    sed -i 's/AS develop/AS dev/' Dockerfile
    u check --format json Dockerfile
    [ "$(answer)" = 'safe -' ] || fail
    compose final 'volumes:' '  - cache:/var/cache/web'
    u check --format json Dockerfile
    [ "$(answer)" = 'review data-volume' ] || fail
    compose '' 'volumes:' '  - cache:/var/cache/web'
    u check --format json Dockerfile
    [ "$(answer)" = 'review data-volume' ] || fail
    compose nowhere 'volumes:' '  - cache:/var/cache/web'
    u check --format json Dockerfile
    [ "$(answer)" = 'review data-volume' ] || fail
}

@test "a port that is published" {
    stages
    compose '' 'ports:' '  - 8080:80'
    u check --format json Dockerfile
    [ "$(answer)" = 'review privileged-port' ] || fail
    [[ $output == *'port 80, which is published (compose.yaml, line 6)'* ]] || fail
    compose '' 'ports:' '  - 80:8080'
    u check --format json Dockerfile
    [ "$(answer)" = 'safe -' ] || fail
}

@test "what is mounted into root's home is not found any more" {
    stages
    compose '' 'volumes:' '  - ~/.secrets:/root/.secrets:ro'
    u check --format json Dockerfile
    [ "$(answer)" = 'review root-home' ] || fail
    compose '' 'volumes:' '  - ./rooted:/rooted:ro'
    u check --format json Dockerfile
    [ "$(answer)" = 'safe -' ] || fail
}

@test "the Docker socket, read-only or not" {
    stages
    compose '' 'volumes:' '  - /var/run/docker.sock:/var/run/docker.sock:ro'
    u check --format json Dockerfile
    [ "$(answer)" = 'refused needs-capability' ] || fail
}
