#!/usr/bin/env bats
# Which files of a folder count.
load helper

paths() {
    printf '%s\n' "$output" | jq -r .path | tr '\n' ' '
}

@test "names" {
    for name in Dockerfile Containerfile Dockerfile.prod api.Dockerfile api.dockerfile api.Containerfile; do
        node "$name"
    done
    for name in dockerfile Dockerfile.dockerignore Dockerfile-x xDockerfile docker.txt; do
        node "$name"
    done
    u check --format json
    [ "$(paths)" = 'Containerfile Dockerfile Dockerfile.prod api.Containerfile api.Dockerfile api.dockerfile ' ] || fail
}

@test "folders of other people's files are left out" {
    for dir in node_modules vendor .venv target .git src; do
        node "x/$dir/Dockerfile"
    done
    rm -r x/.git
    mkdir x/.git.d
    u check --format json
    [ "$(paths)" = 'x/src/Dockerfile ' ] || fail
    u check --format json x/vendor
    [ "$(paths)" = 'x/vendor/Dockerfile ' ] || fail
}

@test "in a git work tree, what git would track" {
    git init -q .
    echo ignored/ >.gitignore
    for dir in tracked new ignored vendor gone; do
        node "$dir/Dockerfile"
    done
    git add tracked gone
    rm -r gone
    u check --format json
    [ "$(paths)" = 'new/Dockerfile tracked/Dockerfile vendor/Dockerfile ' ] || fail
    u check --format json ignored/Dockerfile
    [ "$(paths)" = 'ignored/Dockerfile ' ] || fail
}

@test "a submodule is left out" {
    git init -q sub
    node sub/Dockerfile
    git -C sub add .
    git -C sub -c user.name=a -c user.email=a@b.c commit -qm x
    git init -q .
    git -c advice.addEmbeddedRepo=false add sub 2>/dev/null
    node Dockerfile
    u check --format json
    [ "$(paths)" = 'Dockerfile ' ] || fail
}

@test "a repository that git refuses is searched without git, and that is said" {
    need_root
    git init -q .
    echo ignored >.gitignore
    node ignored/Dockerfile
    chown -R 1234:1234 .
    u check --format json
    [ "$(paths)" = 'ignored/Dockerfile ' ] || fail
    has stderr "its owner is somebody else (git's safe.directory allows it)"
    u check -q
    [ -z "$stderr" ] || fail
}

@test "git's variables of a hook do not matter" {
    git init -q .
    node Dockerfile
    GIT_DIR=/nonexistent GIT_INDEX_FILE=/nonexistent u check --format json
    [ "$(paths)" = 'Dockerfile ' ] || fail
}

@test "nothing of the repository is run" {
    git init -q .
    node Dockerfile
    printf '#!/bin/sh\ntouch %q\n' "$BATS_TEST_TMPDIR/ran" >evil
    chmod +x evil
    git config core.fsmonitor "$PWD/evil"
    git config core.hooksPath "$PWD"
    git config core.pager "$PWD/evil"
    cp evil git
    PATH=.:$PATH u diff
    is_status 1
    [ ! -e "$BATS_TEST_TMPDIR/ran" ]
}

@test "a folder of clones" {
    git init -q one
    echo ignored >one/.gitignore
    node one/ignored/Dockerfile
    node one/Dockerfile
    git init -q two
    node two/Dockerfile
    node three/Dockerfile
    u check --format json
    [ "$(paths)" = 'one/Dockerfile three/Dockerfile two/Dockerfile ' ] || fail
}
