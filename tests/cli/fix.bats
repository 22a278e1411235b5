#!/usr/bin/env bats
# Rewriting in place.
load helper

@test "0, whether something changed or not; nothing on standard output" {
    node Dockerfile
    u fix
    is_status 0
    no_output
    has stderr '1 file: 1 changed'
    hardened Dockerfile
    u fix
    is_status 0
    has stderr '1 file: 0 changed'
}

@test "a second run changes nothing, not even the times" {
    node Dockerfile
    u fix
    touch -d '2001-01-01' Dockerfile
    cp -p Dockerfile ../before
    u fix
    cmp Dockerfile ../before
    [ "$(stat -c %Y Dockerfile)" -eq "$(stat -c %Y ../before)" ]
    u diff
    is_status 0
}

@test "no backup and no other file is left" {
    node Dockerfile
    node sub/x.Dockerfile
    u fix
    only Dockerfile sub/x.Dockerfile
}

@test "mode and owner stay" {
    node Dockerfile
    chmod 0604 Dockerfile
    [ "$(id -u)" -ne 0 ] || chown 1234:4321 Dockerfile
    before=$(stat -c '%a %u %g' Dockerfile)
    u fix
    hardened Dockerfile
    [ "$(stat -c '%a %u %g' Dockerfile)" = "$before" ]
}

@test "line ends and a missing final newline stay" {
    printf 'FROM node:24\r\nCOPY . /app\r\nCMD ["node", "/app/x.js"]' >Dockerfile
    u fix
    is_status 0
    [ "$(tr -dc '\r' <Dockerfile | wc -c)" -eq "$(tr -dc '\n' <Dockerfile | wc -c)" ]
    [ "$(tail -c1 Dockerfile)" = ']' ]
}

@test "one bad file does not keep the others from being fixed" {
    node a/Dockerfile
    broken b/Dockerfile
    node c/Dockerfile
    cp b/Dockerfile ../b
    u fix a nosuch b c
    is_status 3
    hardened a/Dockerfile
    hardened c/Dockerfile
    cmp b/Dockerfile ../b
    has stderr "unroot: cannot read 'nosuch': No such file or directory"
    has stderr 'b/Dockerfile:2:1: '
    has stderr '2 errors'
}

@test "with - it is a filter" {
    node Dockerfile
    run --separate-stderr timeout 60 "$UNROOT" fix - <Dockerfile
    is_status 0
    has output 'USER 1'
    "$UNROOT" fix -q - <Dockerfile >../out
    "$UNROOT" fix -q - <../out >../again
    cmp ../out ../again
    "$UNROOT" fix -q
    cmp Dockerfile ../out
}

@test "with -, a file that can't be handled gives no output and 3" {
    broken Dockerfile
    run --separate-stderr timeout 60 "$UNROOT" fix - <Dockerfile
    is_status 3
    no_output
    has stderr '-:2:1: '
    run --separate-stderr timeout 60 "$UNROOT" fix - </dev/null
    is_status 3
    no_output
}

@test "- goes alone" {
    node Dockerfile
    for args in '- Dockerfile' '- --format json' '- --files-from list'; do
        # shellcheck disable=SC2086
        u fix $args
        is_status 2
    done
    cmp Dockerfile <(node /dev/stdout)
}

@test "-o takes what - prints, and is refused where nothing is printed" {
    node Dockerfile
    run --separate-stderr timeout 60 "$UNROOT" fix - -o out <Dockerfile
    is_status 0
    no_output
    hardened out
    u fix -o out Dockerfile
    is_status 2
}

@test "--format json tells what was done" {
    node a/Dockerfile
    done_already b/Dockerfile
    u fix --format json
    is_status 0
    [ "$(printf '%s\n' "$output" | jq -r '[.path, .changed] | join(" ")')" = \
        'a/Dockerfile true
b/Dockerfile false' ] || fail
    hardened a/Dockerfile
}

@test "a symbolic link is refused, and what it leads to is untouched" {
    node real
    ln -s real Dockerfile
    u fix Dockerfile
    is_status 3
    has stderr "cannot read 'Dockerfile': is a symbolic link"
    [ -L Dockerfile ]
    cmp real <(node /dev/stdout)
    u fix
    is_status 0
    cmp real <(node /dev/stdout)
}

@test "another hard link keeps the old content, and that is said" {
    node Dockerfile
    ln Dockerfile other
    u fix
    is_status 0
    hardened Dockerfile
    cmp other <(node /dev/stdout)
    has stderr "'Dockerfile' had other hard links: they keep the old content"
}

@test "a file that is marked read-only is left alone" {
    need_root
    chmod 777 .
    node Dockerfile
    chown 65534:65534 Dockerfile
    chmod 444 Dockerfile
    chmod 755 "$BATS_TEST_TMPDIR"
    run --separate-stderr as_nobody "$UNROOT" fix Dockerfile
    [ "$status" -ne 126 ] || skip 'nobody can not run the program here'
    is_status 3
    has stderr 'Permission denied'
    cmp Dockerfile <(node /dev/stdout)
}

@test "an immutable file is left alone" {
    need_root
    node Dockerfile
    chattr +i Dockerfile 2>/dev/null || skip 'no immutable files here'
    u fix
    chattr -i Dockerfile
    is_status 3
    has stderr "cannot rewrite 'Dockerfile'"
    cmp Dockerfile <(node /dev/stdout)
    only Dockerfile
}

@test "a folder that can't be written to" {
    need_root
    node d/Dockerfile
    node e/Dockerfile
    chattr +i d 2>/dev/null || skip 'no immutable folders here'
    u fix
    chattr -i d
    is_status 3
    has stderr "cannot rewrite 'd/Dockerfile': cannot make a file beside it"
    cmp d/Dockerfile <(node /dev/stdout)
    hardened e/Dockerfile
}

@test "a full disk" {
    need_root
    mkdir small
    mount -t tmpfs -o size=64k none small 2>/dev/null || skip 'can not mount here'
    node small/Dockerfile
    head -c 1M /dev/zero >small/filler 2>/dev/null || true
    u fix small
    left=$(ls -A small)
    umount_ok=0
    cmp small/Dockerfile <(node /dev/stdout) || umount_ok=1
    umount small
    is_status 3
    has stderr 'No space left on device'
    [ "$left" = 'Dockerfile
filler' ] || fail "$left"
    [ "$umount_ok" -eq 0 ]
}

@test "a read-only file system" {
    need_root
    node d/Dockerfile
    mkdir m
    { mount --bind d m && mount -o remount,ro,bind m; } 2>/dev/null || skip 'can not mount here'
    u fix m
    umount m
    is_status 3
    has stderr 'Read-only file system'
    cmp d/Dockerfile <(node /dev/stdout)
}

@test "a file that is a mount point" {
    need_root
    node real
    node d/Dockerfile
    mount --bind real d/Dockerfile 2>/dev/null || skip 'can not mount here'
    u fix d
    left=$(ls -A d)
    umount d/Dockerfile
    is_status 3
    has stderr 'mount point'
    [ "$left" = Dockerfile ]
}

@test "ended by a signal: every file is old or new, and nothing else is left" {
    node ../old
    "$UNROOT" fix -q - <../old >../new
    for i in $(seq 400); do
        node "d$i/Dockerfile"
    done
    for wait in 0.01 0.05 0.1 0.2 0.4; do
        "$UNROOT" fix -q -j8 &
        sleep "$wait"
        kill -TERM $! 2>/dev/null || true
        wait $! || true
        [ -z "$(find . -type f ! -name Dockerfile)" ] || fail "$(find . -type f ! -name Dockerfile)"
        kinds=$(find . -name Dockerfile -exec md5sum {} + | cut -d' ' -f1 | sort -u)
        known=$(md5sum ../old ../new | cut -d' ' -f1)
        [ -z "$(printf '%s\n' "$kinds" | grep -vF "$known")" ] || fail 'neither old nor new'
    done
}
