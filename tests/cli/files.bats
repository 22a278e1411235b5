#!/usr/bin/env bats
# A rewrite that changes files of the build context, too: one patch, all files or none.
load helper

# An image whose start script switches to another user.
gosu() { # FOLDER DOCKERFILE
    mkdir -p "$1"
    printf 'FROM node:24\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["./start.sh"]\nCMD ["node", "a.js"]\n' >"$1/$2"
    printf '#!/bin/sh\nexec gosu node "$@"\n' >"$1/start.sh"
    chmod 755 "$1/start.sh"
}

cut() {
    [ "$(tail -n 1 "$1")" = 'exec "$@"' ] || fail "not changed: $1"
}

@test "one patch that git apply takes gives what fix makes" {
    gosu a Dockerfile
    cp -r a b
    cd a
    git init -q .
    u diff --unsafe-fixes
    is_status 1
    has output '+++ b/start.sh'
    printf '%s\n' "$output" >../patch
    git apply ../patch
    cd ../b
    u fix --unsafe-fixes
    is_status 0
    cut start.sh
    hardened Dockerfile
    cmp Dockerfile ../a/Dockerfile
    cmp start.sh ../a/start.sh
    [ -x start.sh ] || fail 'the mode is lost'
    u diff --unsafe-fixes
    is_status 0
}

@test "without --unsafe-fixes nothing is changed" {
    gosu . Dockerfile
    u fix
    is_status 0
    [ "$(tail -n 1 start.sh)" = 'exec gosu node "$@"' ] || fail
}

@test "files are named in the report and in the patch as they are shown" {
    gosu svc/api Dockerfile
    u diff --unsafe-fixes
    has output '+++ b/svc/api/start.sh'
    u check --unsafe-fixes --format json
    has output '"files":["svc/api/start.sh"]'
    has output '(start.sh, line 2)'
}

@test "two Dockerfiles that share a file: its change is made once" {
    gosu . Dockerfile
    cp Dockerfile Dockerfile.prod
    for jobs in 1 4; do
        u diff --unsafe-fixes -j $jobs
        is_status 1
        [ "$(printf '%s\n' "$output" | grep -c '^+++ b/start.sh')" = 1 ] || fail
        [ "$(printf '%s\n' "$output" | grep -c '^+++ b/Dockerfile')" = 2 ] || fail
    done
    u fix --unsafe-fixes
    is_status 0
    cut start.sh
    hardened Dockerfile
    hardened Dockerfile.prod
}

@test "a file that can't be written leaves the others as they were" {
    need_root
    gosu . Dockerfile
    mkdir sub
    mv start.sh sub/
    sed -i 's|COPY . .|COPY sub/start.sh .|' Dockerfile
    cp Dockerfile ../old
    chattr +i sub/start.sh 2>/dev/null || skip 'no chattr'
    u fix --unsafe-fixes
    chattr -i sub/start.sh
    is_status 3
    cmp Dockerfile ../old
    has stderr 'sub/start.sh'
}

@test "a link in place of the Dockerfile's file is not written through" {
    gosu real Dockerfile
    mkdir w
    cp real/Dockerfile w/
    ln -s ../real/start.sh w/start.sh
    u fix --unsafe-fixes w
    [ "$(tail -n 1 real/start.sh)" = 'exec gosu node "$@"' ] || fail
}

@test "a filter can't change other files, and says so" {
    gosu . Dockerfile
    run --separate-stderr timeout 60 "$UNROOT" fix --unsafe-fixes --context . - <Dockerfile
    is_status 3
    has stderr 'name the file'
    [ "$output" = "$(cat Dockerfile)" ] || fail
}
