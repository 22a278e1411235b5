#!/usr/bin/env bats
# Rules and reasons, and the completion scripts.
load helper

@test "everything that is listed can be explained" {
    u explain
    is_status 0
    has output 'nonroot-user'
    for word in $(printf '%s\n' "$output" | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p'); do
        u explain "$word"
        is_status 0
        has output "$word ("
        [ "$(printf '%s\n' "$output" | wc -l)" -ge 3 ] || fail "$word"
    done
}

@test "topics" {
    u explain pss
    is_status 0
    has output 'pod-security.kubernetes.io/enforce: restricted'
    has output 'kind: ClusterPolicy'
    has output 'kind: ValidatingAdmissionPolicy'
}

@test "a rule has an example" {
    u explain nonroot-user
    has output 'Example: '
    has output '+USER '
}

@test "an unknown word is refused, with the nearest one" {
    u explain nonroot-usr
    is_status 2
    no_output
    has stderr "did you mean 'nonroot-user'?"
}

@test "completion for bash" {
    u completion bash
    is_status 0
    printf '%s\n' "$output" >script
    bash -n script
    complete_line() {
        bash -c '. ./script; compopt() { :; }
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _unroot; printf "%s\n" "${COMPREPLY[*]}"' - "$@"
    }
    [ "$(complete_line unroot fix --unsa)" = --unsafe-fixes ]
    [ "$(complete_line unroot chec)" = check ]
    [ "$(complete_line unroot check --format '')" = 'text json' ] ||
        [[ $(complete_line unroot check --format '') == *json* ]]
    [ "$(complete_line unroot parse --pri)" = --print ]
    [ -z "$(complete_line unroot parse --uid)" ]
    [ "$(complete_line unroot explain nonroot)" = nonroot-user ]
}

@test "completion for zsh and fish" {
    u completion zsh
    is_status 0
    has output '#compdef unroot'
    if command -v zsh >/dev/null; then printf '%s\n' "$output" | zsh -n; fi
    u completion fish
    is_status 0
    has output 'complete -c unroot'
    if command -v fish >/dev/null; then printf '%s\n' "$output" | fish --no-execute; fi
    u completion tcsh
    is_status 2
}
