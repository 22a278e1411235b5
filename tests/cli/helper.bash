# What the command line tests share. UNROOT is the program; each test runs in a folder of its own,
# without the user's git configuration.
bats_require_minimum_version 1.5.0

setup() {
    : "${UNROOT:?set UNROOT to the program under test}"
    UNROOT=$(realpath "$UNROOT")
    unset UNROOT_FAULT UNROOT_FAULT_ALL UNROOT_FAULT_EDIT NO_COLOR GIT_DIR GIT_INDEX_FILE
    export HOME=$BATS_TEST_TMPDIR LC_ALL=C.UTF-8 GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
    umask 022
    mkdir "$BATS_TEST_TMPDIR/w"
    cd "$BATS_TEST_TMPDIR/w"
}

# A file that is rewritten without asking: the image has a user for it.
node() {
    mkdir -p "$(dirname "$1")"
    printf 'FROM node:24\nWORKDIR /app\nCOPY . .\nCMD ["node", "server.js"]\n' >"$1"
}

# One that needs nothing.
done_already() {
    mkdir -p "$(dirname "$1")"
    printf 'FROM node:24\nWORKDIR /app\nUSER 1000:1000\nCMD ["node", "server.js"]\n' >"$1"
}

# One that BuildKit would refuse.
broken() {
    mkdir -p "$(dirname "$1")"
    printf 'FROM node:24\nNOSUCH instruction\n' >"$1"
}

# Runs the program; sets status, output and stderr apart. A test that hangs is a failure.
u() {
    run --separate-stderr timeout 60 "$UNROOT" "$@"
}

fail() {
    printf '%s\n' "$*" "status: $status" "output: $output" "stderr: $stderr" >&2
    return 1
}

is_status() {
    [ "$status" -eq "$1" ] || fail "expected status $1"
}

no_output() {
    [ -z "$output" ] || fail 'expected nothing on standard output'
}

has() { # WHERE TEXT
    case ${!1} in *"$2"*) ;; *) fail "expected in $1: $2" ;; esac
}

has_not() {
    case ${!1} in *"$2"*) fail "not expected in $1: $2" ;; esac
}

hardened() {
    grep -Eq '^USER [0-9]+:[0-9]+$' "$1" || fail "not rewritten: $1"
}

# Nothing but the named files is in the folder.
only() {
    [ "$(find . -mindepth 1 ! -type d | LC_ALL=C sort)" = "$(printf './%s\n' "$@" | LC_ALL=C sort)" ] ||
        fail "other files: $(find . -mindepth 1 ! -type d)"
}

# True for a build with -DUR_FAULTS: there the first call can be made to fail.
has_faults() {
    ! UNROOT_FAULT=1 "$UNROOT" --version >/dev/null 2>&1
}

need_root() {
    [ "$(id -u)" -eq 0 ] || skip 'needs root'
}

# As somebody who owns nothing here.
as_nobody() {
    setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}
