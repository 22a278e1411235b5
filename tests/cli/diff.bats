#!/usr/bin/env bats
# The patch, its exit status, its other forms.
load helper

@test "0 when nothing is to be changed, 1 when something is" {
    done_already Dockerfile
    u diff
    is_status 0
    no_output
    node Dockerfile
    u diff
    is_status 1
    has output '--- a/Dockerfile'
    has output '+USER '
}

@test "diff changes nothing" {
    node Dockerfile
    cp -p Dockerfile before
    u diff
    cmp Dockerfile before
    [ ! Dockerfile -nt before ]
    only Dockerfile before
}

@test "git apply makes of it what fix does" {
    for file in Dockerfile 'a b/Dockerfile' 'ü/x.Dockerfile' 'c/Dockerfile."q"'; do
        node "$file"
    done
    printf 'FROM node:24\r\nCOPY . /app\r\nCMD ["node", "/app/x.js"]' >crlf.Dockerfile
    cp -r . ../fixed
    u diff
    is_status 1
    printf '%s\n' "$output" >../patch
    git apply ../patch
    (cd ../fixed && "$UNROOT" fix -q)
    diff -r . ../fixed
}

@test "patch -p1 takes it" {
    command -v patch >/dev/null || skip 'patch is not installed'
    node Dockerfile
    node sub/Dockerfile
    u diff
    printf '%s\n' "$output" | patch -p1 -s
    hardened Dockerfile
    hardened sub/Dockerfile
}

@test "git apply works from a folder inside the repository" {
    git init -q .
    node sub/Dockerfile
    cd sub
    "$UNROOT" diff -q >../p || true
    git apply ../p
    hardened Dockerfile
}

@test "the whole summary goes to standard error" {
    node a/Dockerfile
    done_already b/Dockerfile
    broken c/Dockerfile
    echo >d.Dockerfile.j2
    u diff
    is_status 3
    has stderr 'unroot: 2 files: 1 would change; 1 safe, 0 review, 0 refused, 1 already; 1 error; 1 skipped'
    has_not output unroot:
    u diff -q
    is_status 3
    has_not stderr 'files:'
    has stderr 'c/Dockerfile:2:1: '
}

@test "-v says what was found and skipped, on standard error" {
    node Dockerfile
    echo >x.Dockerfile.tmpl
    u diff -v
    is_status 1
    has stderr "unroot: skipped 'x.Dockerfile.tmpl': a template"
    has stderr 'Dockerfile:1:1: '
    has stderr 'Dockerfile: safe'
    has_not output safe
}

@test "--format json is one object a file" {
    node a/Dockerfile
    done_already b/Dockerfile
    broken c/Dockerfile
    u diff --format json
    is_status 3
    [ "$(printf '%s\n' "$output" | wc -l)" -eq 3 ]
    [ "$(printf '%s\n' "$output" | jq -r '[.path, .answer, .changed] | join(" ")')" = \
        'a/Dockerfile safe true
b/Dockerfile already false
c/Dockerfile refused false' ] || fail
}

@test "standard input" {
    node Dockerfile
    run --separate-stderr timeout 60 "$UNROOT" diff - <Dockerfile
    is_status 1
    has output '+USER '
    done_already Dockerfile
    run --separate-stderr timeout 60 "$UNROOT" - <Dockerfile
    is_status 0
    no_output
}

@test "the same bytes for any number of threads" {
    for i in $(seq 150); do
        case $((i % 4)) in
        0) done_already "d$i/Dockerfile" ;;
        1) broken "d$i/Dockerfile" ;;
        *) node "d$i/Dockerfile" ;;
        esac
    done
    for format in text json; do
        "$UNROOT" diff -v -j1 --format "$format" >../out1 2>../err1 || true
        for jobs in 2 3 8 64; do
            "$UNROOT" diff -v "-j$jobs" --format "$format" >../out 2>../err || true
            cmp ../out ../out1
            cmp ../err ../err1
        done
    done
    [ -s ../out1 ] && [ -s ../err1 ]
}

@test "files come sorted, whatever the order of the paths" {
    node b/Dockerfile
    node a/Dockerfile
    node c/Dockerfile
    u diff c a/Dockerfile b ./c/Dockerfile a
    [ "$(printf '%s\n' "$output" | grep '^+++')" = '+++ b/a/Dockerfile
+++ b/b/Dockerfile
+++ b/c/Dockerfile' ] || fail
}

@test "an absolute path below the working directory is shown as a relative one" {
    node a/Dockerfile
    u diff "$PWD/a"
    has output '+++ b/a/Dockerfile'
    has_not output "$PWD"
}
