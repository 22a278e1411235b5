#!/usr/bin/env bats
# Findings and answers.
load helper

@test "0 when there is nothing to find, 1 when there is" {
    done_already Dockerfile
    u check
    is_status 0
    node Dockerfile
    u check
    is_status 1
}

@test "findings as path:line:column: level: message [rule], then the answer" {
    node sub/Dockerfile
    u check
    [[ $output =~ ^sub/Dockerfile:[0-9]+:[0-9]+:\ (error|warning|note):\ .*\[[a-z-]+ ]] || fail
    has output 'sub/Dockerfile: safe'
}

@test "a refusal has a reason that can be explained" {
    printf 'FROM example.com/nobody/knows/this:1\nCMD ["x"]\n' >Dockerfile
    u check --format json
    reason=$(printf '%s\n' "$output" | jq -r .reason)
    [ "$(printf '%s\n' "$output" | jq -r .answer)" != safe ]
    u explain "$reason"
    is_status 0
    has output "$reason (reason): "
}

@test "check changes nothing" {
    node Dockerfile
    u check
    cmp Dockerfile <(node /dev/stdout)
    only Dockerfile
}

@test "every line of JSON is an object with the promised keys" {
    node a/Dockerfile
    done_already b/Dockerfile
    u check --format json
    is_status 1
    printf '%s\n' "$output" | jq -e 'has("path") and .kind == "dockerfile" and has("answer") and
        has("changed") and (.stages | type) == "array" and
        ([.findings[] | has("rule") and has("level") and has("line") and has("message") and
          (.refs | type) == "array" and has("fixed")] | all)' >/dev/null || fail
}

@test "selecting and ignoring rules" {
    node Dockerfile
    rules() { printf '%s\n' "$output" | jq -r '.findings[].rule' | sort -u | tr '\n' ' '; }
    u check --format json --select nonroot-user
    [ "$(rules)" = 'nonroot-user ' ] || fail
    u check --format json --ignore nonroot-user
    has_not output '"rule":"nonroot-user"'
}

@test "standard input" {
    node Dockerfile
    run --separate-stderr timeout 60 "$UNROOT" check - <Dockerfile
    is_status 1
    has output '-: safe'
}
