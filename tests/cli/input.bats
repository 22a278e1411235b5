#!/usr/bin/env bats
# Inputs that are none, too many, too large, or hostile.
load helper

@test "a folder without Dockerfiles" {
    mkdir empty
    for command in diff fix check; do
        u "$command" empty
        is_status 0
        no_output
        has stderr "no Dockerfile found in 'empty'"
        u "$command" -q empty
        [ -z "$stderr" ]
    done
}

@test "a file that is missing" {
    for command in diff fix check; do
        u "$command" nosuch/Dockerfile
        is_status 3
        no_output
        has stderr "unroot: cannot read 'nosuch/Dockerfile': No such file or directory"
    done
    u parse nosuch
    is_status 3
}

@test "an empty path" {
    u diff ''
    is_status 3
    has stderr 'empty path'
}

@test "a FIFO does not block" {
    mkfifo Dockerfile
    run --separate-stderr timeout 10 "$UNROOT" diff Dockerfile
    is_status 3
    has stderr "cannot read 'Dockerfile': is a named pipe"
    run --separate-stderr timeout 10 "$UNROOT" diff
    is_status 0
    run --separate-stderr timeout 10 "$UNROOT" diff --files-from Dockerfile
    is_status 2
    run --separate-stderr timeout 10 "$UNROOT" diff --facts Dockerfile
    is_status 2
}

@test "devices" {
    for device in /dev/zero /dev/null /dev/tty; do
        [ -e "$device" ] || continue
        run --separate-stderr timeout 10 "$UNROOT" diff "$device"
        is_status 3
        has stderr "cannot read '$device': is a device"
    done
}

@test "100 MB in a file are refused unread" {
    truncate -s 100M Dockerfile
    for command in diff fix check; do
        u "$command"
        is_status 3
        no_output
        has stderr 'larger than'
    done
    u parse Dockerfile
    is_status 3
}

@test "an endless standard input is refused" {
    run --separate-stderr timeout 60 "$UNROOT" diff - </dev/zero
    is_status 3
    has stderr "cannot read '-': larger than"
}

@test "more than a Dockerfile ever has is refused with a place or a limit" {
    { echo 'FROM node:24'; yes 'RUN true' | head -n 100000; } >Dockerfile
    u diff
    is_status 3
    has stderr 'Dockerfile'
}

@test "an empty file, blanks, comments, NUL bytes, noise" {
    : >a.Dockerfile
    printf ' \n\t\n' >b.Dockerfile
    printf '# nothing\n' >c.Dockerfile
    printf '\0\0\0' >d.Dockerfile
    head -c 5000 /dev/urandom >e.Dockerfile
    u diff
    is_status 3
    no_output
    has stderr '5 errors'
}

@test "a symbolic link, and one in circles" {
    node real
    ln -s real Dockerfile
    ln -s loop loop
    u diff Dockerfile loop
    is_status 3
    has stderr "cannot read 'Dockerfile': is a symbolic link"
    has stderr "cannot read 'loop': is a symbolic link"
}

@test "a link to a folder is not followed, unless a slash says so" {
    node real/Dockerfile
    ln -s real link
    u diff link
    is_status 3
    u diff link/
    is_status 1
    has output '+++ b/link/Dockerfile'
}

@test "links inside of a tree are not followed" {
    node out/Dockerfile
    mkdir in
    ln -s ../out in/out
    ln -s .. in/up
    ln -s ../out/Dockerfile in/Dockerfile
    u fix in
    is_status 0
    has stderr '0 files'
    cmp out/Dockerfile <(node /dev/stdout)
}

@test "a file and a folder that may not be read" {
    need_root
    node a/Dockerfile
    node b/Dockerfile
    node c/Dockerfile
    chmod 000 a/Dockerfile b
    chmod 755 "$BATS_TEST_TMPDIR"
    run --separate-stderr as_nobody "$UNROOT" diff
    [ "$status" -ne 126 ] || skip 'nobody can not run the program here'
    chmod 755 b
    is_status 3
    has stderr "cannot read 'a/Dockerfile': Permission denied"
    has stderr "cannot read 'b/': Permission denied"
    has output '+++ b/c/Dockerfile'
}

@test "a file where a folder should be" {
    node Dockerfile
    u diff Dockerfile/Dockerfile
    is_status 3
    has stderr 'not a directory'
}

@test "names with control characters do not reach the terminal" {
    node "$(printf 'a\033[31m/Dockerfile')"
    broken "$(printf 'b\033[31m/Dockerfile')"
    u diff -v
    is_status 3
    case $stderr in *$'\033'*) fail ;; esac
    u check --format json
    case $output in *$'\033'*) fail ;; esac
}

@test "a path that is not UTF-8" {
    node "$(printf 'a\377b/Dockerfile')"
    u fix
    is_status 0
    hardened "$(printf 'a\377b/Dockerfile')"
    node "$(printf 'a\377b/Dockerfile')"
    u check --format json
    printf '%s\n' "$output" | jq -e .path >/dev/null || fail
    u diff
    printf '%s\n' "$output" | git apply
    hardened "$(printf 'a\377b/Dockerfile')"
}

@test "a newline in a path" {
    node "$(printf 'a\nb/Dockerfile')"
    u diff
    is_status 1
    printf '%s\n' "$output" | git apply
    hardened "$(printf 'a\nb/Dockerfile')"
}

@test "the same file is done once" {
    node a/Dockerfile
    u diff a a/Dockerfile ./a//Dockerfile a/../a/Dockerfile
    [ "$(printf '%s\n' "$output" | grep -c '^+++')" -eq 1 ] || fail
    has stderr '1 file:'
}

@test "an unusual name counts when it is named" {
    node odd.txt
    node x.Dockerfile.j2
    u diff odd.txt x.Dockerfile.j2
    is_status 1
    [ "$(printf '%s\n' "$output" | grep -c '^+++')" -eq 2 ] || fail
}

@test "--files-from a file, from standard input, with NUL" {
    node 'a b/Dockerfile'
    node c/odd
    printf 'a b/Dockerfile\n\nc/odd\n' >list
    u diff --files-from list
    is_status 1
    [ "$(printf '%s\n' "$output" | grep -c '^+++')" -eq 2 ] || fail
    run --separate-stderr timeout 60 "$UNROOT" diff --files-from - -0 < <(printf 'a b/Dockerfile\0c/odd\0')
    is_status 1
    [ "$(printf '%s\n' "$output" | grep -c '^+++')" -eq 2 ] || fail
}

@test "--files-from: an empty list is no file, not all files" {
    node Dockerfile
    u fix --files-from /dev/stdin </dev/null
    is_status 2
    run --separate-stderr timeout 60 "$UNROOT" fix --files-from - </dev/null
    is_status 0
    cmp Dockerfile <(node /dev/stdout)
}

@test "--files-from: a missing file is an error, a missing list a wrong use" {
    node Dockerfile
    printf 'nosuch\nDockerfile\n' >list
    u fix --files-from list
    is_status 3
    hardened Dockerfile
    u fix --files-from nosuch
    is_status 2
}

@test "standard input can't be the list and a file" {
    run --separate-stderr timeout 60 "$UNROOT" diff --files-from - - </dev/null
    is_status 2
}

@test "closed standard input" {
    run --separate-stderr timeout 10 bash -c '"$@" <&-' - "$UNROOT" diff -
    is_status 3
    no_output
}

@test "thousands of files" {
    for i in $(seq 40); do
        node "d/$i/Dockerfile"
    done
    for i in $(seq 25); do
        cp -r d "e$i"
    done
    u fix
    is_status 0
    has stderr '1040 files: 1040 changed'
}
