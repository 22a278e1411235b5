#!/bin/sh
# deps.sh build|test|ci: sees to it that what is needed is installed. What is there already, from
# wherever, is left alone; what is missing comes from apt-get, when we are root or sudo lets us.
set -u
want=$1
missing=

program() { # PROGRAM PACKAGE
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
library() { # PKG-CONFIG-MODULE PACKAGE
    pkg-config --exists "$1" 2>/dev/null || missing="$missing $2"
}
header() { # HEADER PACKAGE
    echo "#include <$1>" | ${CC:-cc} -include stdarg.h -include stddef.h -include stdint.h -include setjmp.h \
        -E - >/dev/null 2>&1 || missing="$missing $2"
}

fuzzer() { # PACKAGE: clang's own libraries
    out=$(mktemp)
    echo 'int LLVMFuzzerTestOneInput(const void *p, unsigned long n) { return !p && n; }' |
        clang -fsanitize=fuzzer,address -x c -o "$out" - >/dev/null 2>&1 || missing="$missing $1"
    rm -f "$out"
}

look() {
    missing=
    program make make
    program "${CC:-cc}" gcc
    program pkg-config pkg-config
    program objcopy binutils
    header stdlib.h libc6-dev
    library libpcre2-8 libpcre2-dev
    library jansson libjansson-dev
    library yaml-0.1 libyaml-dev
    library sqlite3 libsqlite3-dev
    program git git
    [ "$want" != build ] || return 0
    program "${CXX:-c++}" g++
    program bats bats
    program python3 python3
    program patch patch
    program jq jq
    header cmocka.h libcmocka-dev
    [ "$want" != test ] || return 0
    program clang clang
    fuzzer libclang-rt-dev
    program xz xz-utils
}

# Mirrors fail now and then. What apt-get says is shown when it fails.
apt() {
    log=$(mktemp)
    for try in 1 2 3; do
        if $sudo env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 \
            "$@" </dev/null >"$log" 2>&1; then
            rm -f "$log"
            return 0
        fi
        [ $try = 3 ] || { echo "apt-get $1 failed, trying again" >&2; sleep $((try * 5)); }
    done
    tail -n 30 "$log" >&2
    rm -f "$log"
    return 1
}

look
[ -n "$missing" ] || exit 0
echo "installing:$missing"
sudo=
if ! command -v apt-get >/dev/null 2>&1; then
    echo "there is no apt-get here: install what Debian has in these packages" >&2
    exit 1
elif [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1 || ! sudo -n true 2>/dev/null && ! [ -t 0 ]; then
        echo "not root, and sudo does not help: apt-get install$missing" >&2
        exit 1
    fi
    sudo=sudo
fi
apt update || echo "apt-get update failed; the lists that are there must do" >&2
# shellcheck disable=SC2086 # one argument a package
apt install --no-install-recommends $missing || exit 1
look
[ -z "$missing" ] || { echo "still missing:$missing" >&2; exit 1; }
