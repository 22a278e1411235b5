#!/usr/bin/env bats
# The program where others call it: pre-commit, GitHub Actions, GitLab, docker.
load helper

tree=$BATS_TEST_DIRNAME/../..

on_path() { # puts the program under test on PATH, as `unroot`
    mkdir ../bin
    ln -s "$UNROOT" ../bin/unroot
    PATH=$(realpath ../bin):$PATH
}

action() { # NAME=VALUE...
    run --separate-stderr env GITHUB_STEP_SUMMARY="$PWD/../summary" GITHUB_OUTPUT="$PWD/../output" "$@" \
        sh "$tree/integrations/action.sh"
}

# ---- pre-commit

hook_pattern() { # files | exclude
    sed -n "s/^  $1: [&a-z]* *'\(.*\)'$/\1/p" "$tree/.pre-commit-hooks.yaml" | head -1
}

@test "pre-commit is given the files that a walk finds" {
    for name in Dockerfile Containerfile Dockerfile.dev x.Dockerfile x.dockerfile x.Containerfile .dockerfile \
        Dockerfile.dockerignore x.Dockerfile.dockerignore Dockerfile.j2 x.dockerfile.tpl Dockerfile.erb Dockerfile.tmpl \
        dockerfile xDockerfile Dockerfiles Containerfile.x Dockerfile.d/readme a.containerfile Makefile; do
        mkdir -p "$(dirname "sub/$name")"
        node "sub/$name"
    done
    find . -type f | sed 's|^\./||' | grep -E "$(hook_pattern files)" | grep -Ev "$(hook_pattern exclude)" | LC_ALL=C sort >../hook
    "$UNROOT" check -q --format json . | jq -r .path >../walk || true
    [ "$(wc -l <../walk)" -eq 7 ]
    diff ../hook ../walk
}

@test "each hook runs the program" {
    on_path
    node Dockerfile
    grep -o '^  entry: .*' "$tree/.pre-commit-hooks.yaml" >../entries
    [ "$(wc -l <../entries)" -eq 3 ]
    while read -r _ script command; do
        [ -x "$tree/$script" ]
        run --separate-stderr "$tree/$script" "$command" Dockerfile
        case $command in
        fix) is_status 0; hardened Dockerfile ;;
        *) is_status 1; [ -n "$output" ] ;;
        esac
    done <../entries
}

@test "an installed program of another version is not taken" {
    mkdir ../bin
    printf '#!/bin/sh\necho unroot 0.0.1\n' >../bin/unroot
    chmod +x ../bin/unroot
    mkdir -p ../tree/build
    cp -r "$tree/integrations" ../tree
    echo 'VERSION := 0.0.2' >../tree/Makefile
    cp ../bin/unroot ../tree/build/unroot
    PATH=$(realpath ../bin):$PATH run --separate-stderr sh ../tree/integrations/program.sh
    [ "$output" = "$(realpath ../tree)/build/unroot" ] || fail
    echo 'VERSION := 0.0.1' >../tree/Makefile
    PATH=$(realpath ../bin):$PATH run --separate-stderr sh ../tree/integrations/program.sh
    [ "$output" = "$(realpath ../bin)/unroot" ] || fail
    rm -r ../tree/build
    printf 'VERSION := 0.0.3\nbuild/unroot:\n\t@echo no compiler; false\n' >../tree/Makefile
    PATH=$(realpath ../bin):$PATH run --separate-stderr sh ../tree/integrations/program.sh
    is_status 3
    no_output
    has stderr 'no compiler'
    has stderr 'neither installed nor could it be built'
}

@test "pre-commit try-repo" {
    command -v pre-commit >/dev/null || skip 'no pre-commit'
    [ -e "$tree/.git" ] || skip 'not in a work tree of git'
    on_path
    export PRE_COMMIT_HOME=$BATS_TEST_TMPDIR/pre-commit
    git config --file "$HOME/gitconfig" user.name somebody
    git config --file "$HOME/gitconfig" user.email somebody@example.com
    export GIT_CONFIG_GLOBAL=$HOME/gitconfig
    mkdir ../hooks
    cp -r "$tree/integrations" "$tree/.pre-commit-hooks.yaml" "$tree/Makefile" ../hooks
    git -C ../hooks init -q && git -C ../hooks add -A && git -C ../hooks commit -qm hooks
    git init -q
    node Dockerfile
    node a/x.dockerfile
    done_already b/Dockerfile
    node Dockerfile.j2
    git add -A
    run --separate-stderr pre-commit try-repo "$(realpath ../hooks)" unroot-check --all-files
    is_status 1
    has output 'a/x.dockerfile: safe'
    has output 'b/Dockerfile: already'
    has_not output j2
    run --separate-stderr pre-commit try-repo "$(realpath ../hooks)" unroot-fix --all-files
    is_status 1
    has output 'files were modified by this hook'
    hardened a/x.dockerfile
    git add -A
    run --separate-stderr pre-commit try-repo "$(realpath ../hooks)" unroot-diff --all-files
    is_status 0
}

# ---- GitHub Actions

@test "the action: annotations, a summary, reports, and the status as an output" {
    on_path
    node a/Dockerfile
    done_already 'b c/Dockerfile'
    action UNROOT_PATHS=$'a\nb c' UNROOT_REPORTS=$'r 1.sarif\nr.html'
    is_status 1
    has output '::error title=unroot%3A nonroot-user,file=a/Dockerfile,line=1'
    grep -q '^\*\*2 files: 1 changes' ../summary
    [ "$(cat ../output)" = status=1 ]
    python3 "$tree/tests/support/sarif_check.py" 'r 1.sarif'
    [ -s r.html ]
}

@test "the action: findings need not fail, what can't be handled does" {
    on_path
    node Dockerfile
    action UNROOT_FAIL=false
    is_status 0
    [ "$(tail -n 1 ../output)" = status=1 ]
    broken broken/Dockerfile
    action UNROOT_FAIL=false
    is_status 3
    [ "$(tail -n 1 ../output)" = status=3 ]
    action UNROOT_COMMAND=parse
    is_status 2
}

@test "the action: arguments are words, not shell" {
    on_path
    printf 'FROM nginx:1.27\n' >Dockerfile
    action UNROOT_COMMAND=fix UNROOT_ARGS=$'--unsafe-fixes\n--user\n$(touch ../bad) `touch ../bad`'
    [ ! -e ../bad ]
    action UNROOT_COMMAND=fix UNROOT_ARGS=--unsafe-fixes UNROOT_SUMMARY=false
    is_status 0
    ! grep -q '^FROM nginx:1.27' Dockerfile || hardened Dockerfile
}

@test "the action: the runner obeys nothing that a file is called" {
    on_path
    broken $'::add-mask::x/Dockerfile'
    broken $'a\n::stop-commands::y/Dockerfile'
    broken $'b ##[error]z/Dockerfile'
    action UNROOT_FAIL=true
    is_status 3
    ! printf '%s\n%s\n' "$output" "$stderr" | grep -E '^[[:space:]]*::(add-mask|stop)' || fail
    has_not stderr '##['
    [ "$(printf '%s\n' "$output" | grep -c '^::error title=unroot%3A invalid-dockerfile,')" -eq 3 ] || fail
}

@test "what action.yml hands over is what the script reads" {
    sed -n 's/^        \(UNROOT_[A-Z]*\): .*/\1/p' "$tree/action.yml" | grep -v _ACTION | sort -u >../given
    grep -o 'UNROOT_[A-Z]*' "$tree/integrations/action.sh" | sort -u >../read
    diff ../given ../read
    sed -n 's/.*{{ inputs\.\([a-z]*\) }}.*/\1/p' "$tree/action.yml" | sort -u >../used
    sed -n '/^inputs:/,/^outputs:/s/^  \([a-z]*\):$/\1/p' "$tree/action.yml" | sort -u >../declared
    diff ../used ../declared
    ! sed -n '/^runs:/,$s/^ *run: //p' "$tree/action.yml" | grep -F '${{' || fail 'an input within a script'
}

@test "the YAML of all of them can be read" {
    python=
    for p in python3 /usr/bin/python3; do "$p" -c 'import yaml' 2>/dev/null && python=$p; done
    [ -n "$python" ] || skip 'no YAML reader for Python'
    "$python" - "$tree" <<'PY'
import sys, yaml
load = lambda name: yaml.safe_load(open(f"{sys.argv[1]}/{name}"))
hooks = load(".pre-commit-hooks.yaml")
assert [h["id"] for h in hooks] == ["unroot-check", "unroot-diff", "unroot-fix"]
assert all(h["language"] == "script" and h["files"] and h["exclude"] for h in hooks)
action = load("action.yml")
assert action["runs"]["using"] == "composite" and all("shell" in s for s in action["runs"]["steps"])
job = load("integrations/gitlab.yml")["unroot"]
assert job["artifacts"]["reports"]["codequality"] in job["script"][0]
PY
}

@test "GitLab's job: its script gives the report that it names" {
    on_path
    node Dockerfile
    script=$(sed -n '/^  script:/,/^  [a-z_]*:$/s/^    - //p' "$tree/integrations/gitlab.yml")
    run --separate-stderr env UNROOT_COMMAND=check UNROOT_PATHS=. sh -c "$script"
    is_status 1
    jq -e 'length == 2 and .[0].location.path == "Dockerfile"' gl-code-quality-report.json >/dev/null
    [ -s unroot.html ]
}

# ---- docker

@test "docker-unroot: what docker asks and hands over" {
    node Dockerfile
    ln -s "$UNROOT" ../docker-unroot
    plugin() { run --separate-stderr ../docker-unroot "$@"; }
    plugin docker-cli-plugin-metadata
    is_status 0
    printf '%s\n' "$output" | jq -e '.SchemaVersion == "0.1.0" and (.Vendor | length) > 0 and (.ShortDescription | length) > 0' >/dev/null
    for words in 'unroot check -q' '-D unroot check -q' '--context other -H tcp://x:1 unroot check -q' '--log-level=debug unroot check -q' 'check -q'; do
        # shellcheck disable=SC2086
        plugin $words
        is_status 1
        has output 'Dockerfile: safe'
    done
    plugin help unroot
    is_status 0
    has output 'usage: unroot'
    plugin unroot --version
    has output 'unroot '
    plugin unroot
    is_status 1
    has output '+USER 1000:1000'
    u docker-cli-plugin-metadata
    is_status 3
}

@test "docker unroot" {
    command -v docker >/dev/null || skip 'no docker'
    mkdir -p "$HOME/.docker/cli-plugins"
    ln -s "$UNROOT" "$HOME/.docker/cli-plugins/docker-unroot"
    node Dockerfile
    run --separate-stderr docker --help
    has output 'unroot*'
    run --separate-stderr docker unroot check -q Dockerfile
    is_status 1
    has output 'Dockerfile: safe'
    run --separate-stderr docker help unroot
    has output 'usage: unroot'
}
