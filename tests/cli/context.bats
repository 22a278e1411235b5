#!/usr/bin/env bats
# The build context: which folder it is, what is read of it, what never is.
load helper

# A Dockerfile that starts what package.json says.
npm() {
    mkdir -p "$(dirname "$1")"
    printf 'FROM node:24\nWORKDIR /app\nCOPY package.json %s./\nCMD ["npm", "start"]\n' "${2:-}" >"$1"
}

package() {
    mkdir -p "$1"
    printf '{"scripts": {"start": "%s"}}\n' "${2:-node server.js}" >"$1/package.json"
}

answer() {
    printf '%s\n' "$output" | jq -r '"\(.path) \(.answer) \(.reason // "-")"'
}

@test "the folder of the file" {
    npm web/Dockerfile
    package web
    u check --format json
    [ "$(answer)" = 'web/Dockerfile safe -' ] || fail
}

@test "a folder above it that has what COPY names" {
    npm build/docker/Dockerfile 'src '
    package .
    mkdir src
    u check --format json
    [ "$(answer)" = 'build/docker/Dockerfile safe -' ] || fail
    u check --format json build/docker/Dockerfile
    [ "$(answer)" = 'build/docker/Dockerfile safe -' ] || fail
    rmdir src
    u check --format json
    [ "$(answer)" = 'build/docker/Dockerfile review package-script' ] || fail
}

@test "a folder that patterns of COPY name" {
    npm docker/Dockerfile 'docker/conf/*.conf '
    package .
    mkdir -p docker/conf
    u check --format json
    [ "$(answer)" = 'docker/Dockerfile safe -' ] || fail
    sed -i 's/package.json docker/. docker/' docker/Dockerfile # docker/ has something to copy, too
    u check --format json
    [ "$(answer)" = 'docker/Dockerfile safe -' ] || fail
}

@test "not above what was named" {
    mkdir in
    npm in/Dockerfile
    package .
    mkdir elsewhere
    cd elsewhere
    u check --format json "$BATS_TEST_TMPDIR/w/in"
    has output '"reason":"package-script"'
    u check --format json "$BATS_TEST_TMPDIR/w"
    has output '"answer":"safe"'
}

@test "--context says which" {
    npm Dockerfile
    package .  'gulp serve'
    package other
    u check --format json --context other Dockerfile
    [ "$(answer)" = 'Dockerfile safe -' ] || fail
    u check --format json --context "$PWD/other/" Dockerfile
    [ "$(answer)" = 'Dockerfile safe -' ] || fail
    mkdir empty
    u check --context empty Dockerfile
    has stderr "'empty' is not taken for the build context of 'Dockerfile'"
    has output 'package-script'
    u diff --context other - <Dockerfile
    has output '+USER 1000:1000'
}

@test "a folder with nothing but Dockerfiles is not what COPY . means" {
    mkdir docker
    printf 'FROM node:24\nWORKDIR /app\nCOPY . .\nCMD ["npm", "start"]\n' >docker/Dockerfile
    package .
    u check --format json
    [ "$(answer)" = 'docker/Dockerfile safe -' ] || fail
}

@test "links are not followed" {
    npm Dockerfile
    mkdir w
    package real
    ln -s real/package.json package.json
    u check --format json Dockerfile
    [ "$(answer)" = 'Dockerfile review package-script' ] || fail
    mv w/../package.json w/
    npm w/Dockerfile
    ln -s ../real w/lib
    printf 'FROM node:24\nWORKDIR /app\nCOPY lib .\nCMD ["npm", "start"]\n' >w/Dockerfile
    u check --format json w/Dockerfile
    [ "$(answer)" = 'w/Dockerfile review package-script' ] || fail
}

@test "what is no file, or too large, is not read" {
    npm Dockerfile
    mkfifo package.json
    u check --format json Dockerfile
    [ "$(answer)" = 'Dockerfile review package-script' ] || fail
    rm package.json
    { printf '{"scripts": {"start": "node server.js"}, "x": "'; head -c 1100000 /dev/zero | tr '\0' x; printf '"}'; } >package.json
    u check --format json Dockerfile
    [ "$(answer)" = 'Dockerfile review package-script' ] || fail
}

@test ".dockerignore and Dockerfile.dockerignore" {
    printf 'FROM node:24\nWORKDIR /app\nCOPY . .\nCMD ["npm", "start"]\n' >Dockerfile
    package .
    touch server.js
    u check --format json Dockerfile
    [ "$(answer)" = 'Dockerfile safe -' ] || fail
    echo package.json >.dockerignore
    u check --format json Dockerfile
    [ "$(answer)" = 'Dockerfile review package-script' ] || fail
    echo '*.md' >Dockerfile.dockerignore
    u check --format json Dockerfile
    [ "$(answer)" = 'Dockerfile safe -' ] || fail
}

@test "compose names the context, the stage and the arguments" {
    mkdir -p deploy web
    cat >deploy/Dockerfile <<'END'
ARG NODE
FROM node:${NODE} AS prod
WORKDIR /app
COPY package.json .
CMD ["npm", "start"]
FROM prod AS dev
CMD ["gulp", "serve"]
END
    package .  'gulp serve'
    package web
    cat >compose.yaml <<'END'
services:
  web:
    build: {context: web, dockerfile: ../deploy/Dockerfile, target: prod, args: {NODE: "24"}}
END
    u check --format json --kubernetes off
    [ "$(answer)" = 'deploy/Dockerfile safe -' ] || fail
    [ "$(printf '%s\n' "$output" | jq -c '[.stages[].shipped]')" = '[true,false]' ] || fail
    has output "is for development and is left alone"
    u check --format json --kubernetes off --target dev
    [ "$(printf '%s\n' "$output" | jq -c '[.stages[].shipped]')" = '[false,true]' ] || fail
}

@test "a build file that can't be read is worth a word with -v" {
    npm Dockerfile
    package .
    printf 'services: [\n' >compose.yaml
    u check --format json Dockerfile
    [ "$(answer)" = 'Dockerfile safe -' ] || fail
    [[ $stderr != *compose.yaml* ]] || fail
    u check -v Dockerfile
    has stderr 'compose.yaml:'
}
