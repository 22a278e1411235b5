#!/usr/bin/env bats
# Commands, options, help, and what is refused.
load helper

@test "--help lists the commands on standard output" {
    u --help
    is_status 0
    for command in diff fix check verify parse explain facts completion; do
        has output "  $command "
    done
    [ -z "$stderr" ]
}

@test "each command explains itself" {
    for command in diff fix check verify parse explain facts completion; do
        u "$command" --help
        is_status 0
        has output "usage: unroot $command"
        has output 'Exit status\|bash: ' || has output --help
    done
}

@test "help fits on a terminal" {
    for command in '' diff fix check verify parse explain facts completion; do
        # shellcheck disable=SC2086
        u $command --help
        [ "$(printf '%s\n' "$output" | awk 'length > 80' | wc -l)" -eq 0 ] || fail "$command"
    done
}

@test "--version and -V" {
    for flag in --version -V; do
        u "$flag"
        is_status 0
        [[ $output =~ ^unroot\ [0-9]+\.[0-9]+ ]] || fail 'no version'
    done
    u fix --version
    is_status 0
}

@test "an unknown option is refused, with the nearest one" {
    node Dockerfile
    u fix --unsafe-fixs
    is_status 2
    no_output
    has stderr "unroot: unknown option '--unsafe-fixs' (did you mean '--unsafe-fixes'?)"
    has stderr 'unroot fix --help'
    u -Z
    is_status 2
    has stderr "unknown option '-Z'"
    cmp Dockerfile <(node /dev/stdout)
}

@test "a beginning of an option is not that option" {
    u --unsafe
    is_status 2
    has stderr "did you mean '--unsafe-fixes'?"
}

@test "an option that would have no effect is refused" {
    node Dockerfile
    u parse --uid 5 Dockerfile
    is_status 2
    u diff --print
    is_status 2
    u fix --color never
    is_status 2
    u -0
    is_status 2
    u -q -v
    is_status 2
}

@test "wrong values are refused" {
    for args in '--format yaml' '--color sometimes' '-j 0' '-j x' '-j' '--profile lax' '--uid' \
        '--uid x' '--uid -1' '--gid 99999999999' '--id-style both' '--select nosuch' \
        '--quiet=yes' '--user root'; do
        # shellcheck disable=SC2086
        u diff $args
        is_status 2
        no_output
        [ -n "$stderr" ]
    done
}

@test "a command that is near is offered" {
    u chekc
    is_status 3
    has stderr "did you mean 'check'?"
}

@test "a command behind its options is pointed out" {
    u -q fix
    has stderr 'a command comes first: unroot fix'
}

@test "without a command it is diff, without a path the current folder" {
    node Dockerfile
    u
    is_status 1
    has output '+++ b/Dockerfile'
    u Dockerfile
    is_status 1
    u -- Dockerfile
    is_status 1
}

@test "operands of the commands are counted" {
    node Dockerfile
    u parse
    is_status 2
    u parse Dockerfile Dockerfile
    is_status 2
    u explain a b
    is_status 2
    u completion
    is_status 2
    u facts
    is_status 2
}

@test "the environment does not change what is printed" {
    node Dockerfile
    u
    before=$output
    LC_ALL=C LANG=de_DE TZ=Asia/Tokyo COLUMNS=20 TERM=dumb u
    [ "$before" = "$output" ]
}
