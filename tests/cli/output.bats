#!/usr/bin/env bats
# Where the product goes, and what happens when it can't.
load helper

@test "a full standard output is noticed" {
    node Dockerfile
    [ -c /dev/full ] || skip 'no /dev/full'
    for args in diff 'check --format json' 'parse Dockerfile' 'facts list' explain --help 'completion zsh'; do
        # shellcheck disable=SC2086
        run --separate-stderr bash -c '"$@" >/dev/full' - "$UNROOT" $args
        is_status 3
        has stderr 'unroot: cannot write to standard output: No space left on device'
    done
}

@test "a full standard output does not stop fix" {
    [ -c /dev/full ] || skip 'no /dev/full'
    node Dockerfile
    run --separate-stderr bash -c '"$@" >/dev/full' - "$UNROOT" fix
    is_status 0
    hardened Dockerfile
}

@test "a closed pipe is quiet" {
    for i in $(seq 400); do
        node "a$i/Dockerfile"
    done
    run --separate-stderr bash -c '"$@" | head -c 1 >/dev/null; exit ${PIPESTATUS[0]}' - "$UNROOT" diff -q
    is_status 3
    [ -z "$stderr" ] || fail
}

@test "a closed standard output is noticed, and no file gets its descriptor" {
    node Dockerfile
    run --separate-stderr bash -c '"$@" >&-' - "$UNROOT" diff
    is_status 3
    run --separate-stderr bash -c '"$@" >&- 2>&- <&-' - "$UNROOT" fix
    is_status 0
    hardened Dockerfile
    [ "$(grep -c unroot Dockerfile)" -eq 0 ]
}

@test "-o writes a file, at the end" {
    node Dockerfile
    u diff -o patch
    is_status 1
    no_output
    git apply patch
    hardened Dockerfile
    only Dockerfile patch
    [ "$(stat -c %a patch)" = 644 ]
}

@test "-o keeps the mode of a file that is there" {
    node Dockerfile
    echo old >out
    chmod 600 out
    u check -o out
    [ "$(stat -c %a out)" = 600 ]
    grep -q safe out
}

@test "-o: devices and pipes are written to, links are refused" {
    node Dockerfile
    u diff -o /dev/stdout
    is_status 1
    has output '+USER'
    u diff -o /dev/null
    is_status 1
    ln -s target link
    u diff -o link
    is_status 3
    [ ! -e target ]
    u diff -o .
    is_status 3
    u diff -o nosuch/out
    is_status 3
    has stderr "cannot write to 'nosuch/out'"
}

@test "-o: on a full disk the old file stays" {
    need_root
    mkdir small
    mount -t tmpfs -o size=16k none small 2>/dev/null || skip 'can not mount here'
    for i in $(seq 300); do
        node "d$i/Dockerfile"
    done
    echo old >small/out
    u diff -o small/out
    content=$(cat small/out) left=$(ls -A small)
    umount small
    is_status 3
    has stderr "cannot write to 'small/out': No space left on device"
    [ "$content" = old ] && [ "$left" = out ]
}

on_terminal() { # COMMAND…: on a terminal of its own, output in `output`
    command -v script >/dev/null || skip 'script is not installed'
    run script -qec "$*" /dev/null
}

@test "colours on a terminal only, and only when wanted" {
    export TERM=xterm
    node Dockerfile
    u diff
    has_not output $'\033'
    u diff --color always
    has output $'\033[32m+USER'
    u check --color always
    has output $'\033['
    on_terminal "$UNROOT" diff
    has output $'\033[32m+USER'
    on_terminal "$UNROOT" diff --color never
    has_not output $'\033[3'
    NO_COLOR=1 on_terminal "$UNROOT" diff
    has_not output $'\033[3'
    NO_COLOR='' on_terminal "$UNROOT" diff
    has output $'\033[32m+USER'
    TERM=dumb on_terminal "$UNROOT" diff
    has_not output $'\033[3'
}

@test "a file can't drive the terminal" {
    printf 'FROM node:24\nWORKDIR /app\n# \033]0;title\007\nCOPY . .\nCMD ["node", "x"]\n' >Dockerfile
    on_terminal "$UNROOT" diff --color never
    has_not output $'\033]0;'
    u diff
    has output $'\033]0;'
}

@test "no progress line where nobody sees it" {
    for i in $(seq 50); do
        node "a$i/Dockerfile"
    done
    u check
    has_not stderr $'\r'
}
