#!/usr/bin/env bats
# Each call fails in turn. For a build with -DUR_FAULTS; elsewhere these tests are skipped.
load helper

need_faults() {
    has_faults || skip 'not a build with -DUR_FAULTS'
}

# The file is the old or the new one, and nothing else is there.
old_or_new() {
    cmp -s Dockerfile ../old || cmp -s Dockerfile ../new || fail 'neither old nor new'
    only Dockerfile
}

each_call_fails() { # HOW
    node Dockerfile
    cp Dockerfile ../old
    "$UNROOT" fix -q - <Dockerfile >../new
    for n in $(seq 200); do
        cp ../old Dockerfile
        UNROOT_FAULT=$n:$1 u fix -q
        old_or_new
        # A failure is never silent; a success is never claimed.
        if [ "$status" -eq 0 ]; then cmp Dockerfile ../new; else [ -n "$stderr" ]; fi
        if [ "$status" -ne 0 ]; then last=$n; fi
        # No run makes so many calls that a fault could still hit.
        if [ "$n" -ge 60 ] && [ "$n" -gt "$((${last:-0} + 25))" ]; then break; fi
    done
    [ "${last:-0}" -ge 10 ] || [ "$1" = short ] || [ "$1" = EINTR ]
    [ "$n" -lt 200 ]
}

@test "each call fails once: EIO" {
    need_faults
    each_call_fails EIO
}

@test "each call fails once: ENOSPC" {
    need_faults
    each_call_fails ENOSPC
}

@test "each call fails once: EACCES" {
    need_faults
    each_call_fails EACCES
}

@test "each call is interrupted, each write is short" {
    need_faults
    each_call_fails EINTR
    each_call_fails short
}

@test "every write is short" {
    need_faults
    node Dockerfile
    "$UNROOT" fix -q - <Dockerfile >../new
    UNROOT_FAULT_ALL=write:short u fix -q
    is_status 0
    cmp Dockerfile ../new
}

@test "the disk is full, the rename or fsync fails" {
    need_faults
    node Dockerfile
    cp Dockerfile ../old
    for call in write:ENOSPC rename:EIO fsync:EIO fchmod:EPERM open:EACCES; do
        UNROOT_FAULT_ALL=$call u fix -q
        is_status 3
        cmp Dockerfile ../old
        only Dockerfile
    done
}

@test "a file that changes while it is worked on is left alone" {
    need_faults
    node Dockerfile
    UNROOT_FAULT_EDIT=recheck:Dockerfile u fix
    is_status 3
    has stderr "unroot: cannot rewrite 'Dockerfile': it was changed by another program meanwhile"
    tail -n 1 Dockerfile | grep -q 'somebody else'
    only Dockerfile
    u fix
    is_status 0
    hardened Dockerfile
}

@test "-o: old or new, too" {
    need_faults
    node Dockerfile
    mkdir ../out
    "$UNROOT" diff -q -o ../new || true
    for n in $(seq 60); do
        echo old >../out/patch
        UNROOT_FAULT=$n u diff -q -o ../out/patch
        [ "$(ls -A ../out)" = patch ]
        # When the input could not be read, the whole output is nothing.
        cmp -s ../out/patch ../new || [ "$(cat ../out/patch)" = old ] ||
            { [ ! -s ../out/patch ] && has stderr 'cannot read'; } || fail "$n"
        [ "$status" -eq 3 ] || cmp ../out/patch ../new
    done
}

# Several files: all are old, or all are new.
@test "each call fails once while a rewrite changes two files" {
    need_faults
    printf 'FROM node:24\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["./start.sh"]\nCMD ["node", "a.js"]\n' >../Dockerfile.old
    printf '#!/bin/sh\nexec gosu node "$@"\n' >../start.old
    cp ../Dockerfile.old Dockerfile
    cp ../start.old start.sh
    u fix -q --unsafe-fixes
    cp Dockerfile ../Dockerfile.new
    cp start.sh ../start.new
    if cmp -s start.sh ../start.old; then fail 'nothing was changed'; fi
    for how in EIO ENOSPC; do
        for n in $(seq 300); do
            cp ../Dockerfile.old Dockerfile
            cp ../start.old start.sh
            UNROOT_FAULT=$n:$how u fix -q --unsafe-fixes
            if cmp -s Dockerfile ../Dockerfile.new; then
                cmp start.sh ../start.new
            else
                cmp Dockerfile ../Dockerfile.old
                cmp start.sh ../start.old
            fi
            only Dockerfile start.sh
            if [ "$status" -ne 0 ]; then [ -n "$stderr" ]; last=$n; fi
            if [ "$n" -ge 80 ] && [ "$n" -gt "$((${last:-0} + 25))" ]; then break; fi
        done
        [ "${last:-0}" -ge 20 ]
    done
}

@test "each call fails once: a report is the old or the new one, or what the failure left to say" {
    need_faults
    mkdir w
    for i in $(seq 900); do node "w/a$i/$(printf '%0200d' 0)/$(printf '%0200d' 0)/Dockerfile"; done # more than a spool keeps in memory
    "$UNROOT" check -q -j1 --report ../new.md w >/dev/null || true
    for call in write:ENOSPC write:short rename:EIO fsync:EIO open:EACCES; do
        echo old >../r.md
        UNROOT_FAULT_ALL=$call u check -q -j1 --report ../r.md -o /dev/null w
        case $call in
        write:short) is_status 1; cmp ../r.md ../new.md ;;
        *) is_status 3; [ -n "$stderr" ]; [ "$(cat ../r.md)" = old ] ;;
        esac
        [ -z "$(find .. -maxdepth 1 -name '.unroot*' -o -maxdepth 1 -name '*.tmp')" ]
    done
}
