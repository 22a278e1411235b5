#!/usr/bin/env bats
# .unroot.yaml
load helper

created() {
    printf 'FROM debian:12\nCOPY app /app\nCMD ["/app"]\n' >"$1"
}

@test "options of the file hold, those of the command line win" {
    git init -q .
    created Dockerfile
    echo 'uid: 20000' >.unroot.yaml
    u diff --unsafe-fixes
    has output 20000
    u diff --unsafe-fixes --uid 30000
    has output 30000
    has_not output 20000
    mkdir sub
    created sub/Dockerfile
    cd sub
    u diff --unsafe-fixes
    has output 20000
}

@test "ignore takes files out, unless they are named" {
    git init -q .
    node a/Dockerfile
    node legacy/x/Dockerfile
    echo 'ignore: [legacy]' >.unroot.yaml
    u check --format json
    [ "$(printf '%s\n' "$output" | jq -r .path)" = a/Dockerfile ] || fail
    has stderr '1 skipped'
    u check -v
    has stderr "skipped 'legacy/x/Dockerfile': ignored by '.unroot.yaml'"
    u check --format json legacy/x/Dockerfile
    [ "$(printf '%s\n' "$output" | jq -r .path)" = legacy/x/Dockerfile ] || fail
}

@test "an unknown key is an error with its place, and nothing is done" {
    git init -q .
    node Dockerfile
    printf '# x\n\nunsafe_fixes: true\n' >.unroot.yaml
    u fix
    is_status 2
    has stderr "unroot: .unroot.yaml:3:1: unknown key 'unsafe_fixes' (did you mean 'unsafe-fixes'?)"
    cmp Dockerfile <(node /dev/stdout)
}

@test "wrong values, YAML that is none, and links are errors" {
    git init -q .
    node Dockerfile
    for text in 'uid: x' 'uid: [1]' 'comments: yes' 'select: nosuch' 'a: [' '- a' 'ignore: "!x"' \
        'facts: ../x' 'facts: nosuch' 'color: always'; do
        printf '%s\n' "$text" >.unroot.yaml
        u diff
        is_status 2
        no_output
        has stderr .unroot.yaml
    done
    rm .unroot.yaml
    ln -s /dev/zero .unroot.yaml
    u diff
    is_status 2
}

@test "a wrong file of one repository does not stop the others" {
    git init -q one
    git init -q two
    node one/Dockerfile
    node two/Dockerfile
    echo 'nosuch: 1' >one/.unroot.yaml
    u fix
    is_status 3
    cmp one/Dockerfile <(node /dev/stdout)
    hardened two/Dockerfile
}

@test "a file above the repository or the working directory has no say" {
    echo 'nosuch: 1' >.unroot.yaml
    git init -q repo
    node repo/Dockerfile
    mkdir plain
    node plain/Dockerfile
    u diff repo
    is_status 1
    cd plain
    u diff
    is_status 1
}

@test "facts of a repository" {
    git init -q .
    printf 'FROM registry.example.com/acme/base:1\nCMD ["/app"]\n' >Dockerfile
    u check --format json
    [ "$(printf '%s\n' "$output" | jq -r .answer)" != already ] || fail
    printf 'images: [registry.example.com/acme/base]\nuser: "1001:1001"\n' >base.yaml
    echo 'facts: base.yaml' >.unroot.yaml
    u check --format json
    [ "$(printf '%s\n' "$output" | jq -r .answer)" = already ] || fail
    u facts registry.example.com/acme/base
    is_status 0
    has output '1001:1001'
}
