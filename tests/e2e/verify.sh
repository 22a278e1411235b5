#!/bin/sh
# `unroot verify` on the end-to-end cases: which behave as before, and which need what under the
# restricted policy.
#
#   sh tests/e2e/verify.sh [-v] [CASE...]      UNROOT=path of the program (default: build/unroot)
#
#   -v  show the whole report of each
#
# Without a case: a few of each kind, then a rewrite that is broken on purpose, and a run that is interrupted
# in the middle of a build. The engine is found as in run.sh. Exit status: 0 nothing failed (or all was skipped), 1 something failed.
set -u
LC_ALL=C
export LC_ALL
here=$(cd "$(dirname "$0")" && pwd) || exit 2
root=$(cd "$here/../.." && pwd)
unroot=${UNROOT:-$root/build/unroot}
some='node-seed nginx-static nginx-site python-sqlite go-scratch distroless-node php-apache batch-job volume-data
script-guarded tree-rails alpine-sh'

verbose=false
while getopts v option; do
    case $option in v) verbose=true ;; *) sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 2 ;; esac
done
shift $((OPTIND - 1))
case $unroot in /*) ;; *) unroot=$PWD/$unroot ;; esac
chosen=$#
# shellcheck disable=SC2086 # names of cases have no blanks
[ $# -gt 0 ] || set -- $some
for name; do
    [ -f "$here/$name/case" ] || { echo "verify: no such case: $name" >&2; exit 2; }
done

tmp=$(mktemp -d) || exit 2
child=
finish() {
    trap - EXIT INT TERM
    [ -z "$child" ] || kill "$child" 2>/dev/null
    rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 130' INT TERM

# The lab's engine is reached through a program called docker that is put in front of PATH.
find_engine() {
    docker version >/dev/null 2>&1 && return
    lab=${UNROOT_LAB:-$root/../shared/lab/lab}
    [ -x "$lab" ] && "$lab" docker version >/dev/null 2>&1 || return
    mkdir "$tmp/bin"
    printf '#!/bin/sh\nexec "%s" docker "$@"\n' "$lab" > "$tmp/bin/docker"
    chmod +x "$tmp/bin/docker"
    PATH=$tmp/bin:$PATH
}

values() { sed -n "s/^$1[[:blank:]][[:blank:]]*//p" "$folder/case"; }
value() { values "$1" | head -n 1; }

have_images() {
    for image in $(values image); do
        docker image inspect "$image" >/dev/null 2>&1 || docker pull -q "$image" >/dev/null 2>&1 || return
    done
}

# "-e A=B -v c" as --OPTION=-e=A=B --OPTION=-v=c, one a line.
in_one_word() { # OPTION
    sed 's/ \([^-]\)/=\1/g' | tr ' ' '\n' | sed -n "s/^./--$1=&/p"
}

# The options of verify, one a line.
options() {
    printf '%s\n' --yes-run-untrusted --build-option=--network=host --wait=20
    # shellcheck disable=SC2046 # options
    printf '%s\n' $(value options)
    values build | in_one_word build-option
    values run | in_one_word run-option
    path=$(values get | sed -n '1s/ .*//p')
    [ -z "$path" ] || echo "--path=$path"
    [ "$(value low-ports)" != open ] || echo --low-ports=open
    values needs | sed 's/^/--writable=/'
    [ -z "$(value target)" ] || values options | grep -q -e --target || echo "--target=$(value target)"
}

copy_case() {
    rm -rf "$tmp/case"
    cp -R "$folder" "$tmp/case" && rm "$tmp/case/case"
    chmod -R u=rwX,go=rX "$tmp/case"
    values prepare > "$tmp/prepare"
    (cd "$tmp/case" && sh -e "$tmp/prepare") > "$tmp/said" 2>&1
}

field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$tmp/report"; }

verify() { # FORMAT
    # shellcheck disable=SC2046 # one word a line
    (cd "$tmp/case" && "$unroot" verify -q --format "$1" $(options) "$file")
}

run_case() {
    folder=$here/$1 file=$(value file) verdict=skipped restricted=-
    file=${file:-Dockerfile}
    have_images || return
    verdict=FAILED
    copy_case || return
    verify json > "$tmp/report" 2> "$tmp/said"
    status=$?
    verdict=$(jq -r .verdict "$tmp/report" 2>/dev/null)
    restricted=$(jq -r '.restricted | if . == null then "-" else .result, (.missing[]), (select(.low_ports) | "low-ports") end' "$tmp/report" 2>/dev/null | tr '\n' ' ')
}

# What differs although it may: a line of the case file says so.
is_expected() {
    case $verdict in
    same) return 0 ;;
    differs) [ "$restricted" != - ] && [ "$(jq '.differences | length' "$tmp/report")" = 0 ] && return ;;
    skipped) return 0 ;;
    esac
    [ "$status" = 1 ] && [ "$(value answer)" = honest ]
}

# ---- what must be caught ----------------------------------------------------------------------

# The rewrite of the example without its chown: it starts, and can't write.
broken_rewrite() {
    folder=$here/node-seed file=Dockerfile
    have_images && copy_case || return
    printf 'FROM node:24\nWORKDIR /app\nCOPY app /app\nUSER 1000:1000\nCMD ["node", "server.js"]\n' > "$tmp/broken"
    (cd "$tmp/case" && "$unroot" verify -q --yes-run-untrusted --build-option=--network=host --path=/note \
        --rewritten "$tmp/broken" Dockerfile) > "$tmp/report" 2> "$tmp/said"
    [ $? = 1 ] && grep -q 'EACCES: permission denied' "$tmp/report"
}

# Ctrl-C while a step of the build sleeps.
interrupted() {
    mkdir -p "$tmp/slow" "$tmp/files"
    printf 'FROM node:24\nWORKDIR /app\nCOPY Dockerfile .\nRUN echo %s && sleep 77\nCMD ["node", "a.js"]\n' $$ \
        > "$tmp/slow/Dockerfile"
    # a program that is started in the background by sh ignores SIGINT; SIGTERM is handled in the same way
    TMPDIR=$tmp/files "$unroot" verify --yes-run-untrusted --build-option=--network=host "$tmp/slow/Dockerfile" \
        > "$tmp/report" 2> "$tmp/said" &
    child=$!
    sleep 8
    kill -TERM $child
    wait $child
    status=$?
    child=
    [ $status = 143 ] && grep -q 'what was made until then is removed' "$tmp/said" && nothing_left
}

nothing_left() {
    # others may be at work: only what is there both times is left
    list > "$tmp/left"
    sleep 5
    list | grep -xF -f "$tmp/left" | grep . > "$tmp/both"
    [ -z "$(ls -A "$tmp/files")" ] && [ ! -s "$tmp/both" ]
}

list() {
    docker ps -a --format '{{.Names}}' --filter name=unroot-verify
    docker images --format '{{.Repository}}:{{.Tag}}' | grep '^unroot-verify'
}

check() { # FUNCTION WHAT
    if "$1"; then
        ok=$((ok + 1))
        line "-" ok "$2"
    else
        failed=$((failed + 1))
        line "-" FAILED "$2"
        sed 's/^/      | /' "$tmp/report" "$tmp/said"
    fi
}

# ---- all cases --------------------------------------------------------------------------------

line() { printf '%-22s %-10s %s\n' "$@"; }

if ! find_engine; then
    echo "verify: skipped: no docker engine answers, and there is no lab that is up (\$UNROOT_LAB)"
    exit 0
fi
ok=0 failed=0 skipped=0 tight=0
line case verdict restricted
for name; do
    status=0
    run_case "$name"
    line "$name" "$verdict" "$restricted"
    case $restricted$(values needs) in 'ok ') tight=$((tight + 1)) ;; esac
    if [ "$verdict" = skipped ]; then
        skipped=$((skipped + 1))
    elif is_expected; then
        ok=$((ok + 1))
    else
        failed=$((failed + 1))
        jq -r '.problem // empty, (.differences[].text), (.notes[])' "$tmp/report" 2>/dev/null | sed 's/^/      /'
        tail -n 5 "$tmp/said" | sed 's/^/      | /'
    fi
    case $restricted in fails*) jq -r '.restricted.differences[].text, .restricted.run.permission_errors[]' "$tmp/report" | sed 's/^/      restricted: /' ;; esac
    ! $verbose || verify text
done
if [ $chosen = 0 ]; then
    check broken_rewrite "a rewrite without its chown is caught"
    check interrupted "a signal in the middle of a build leaves nothing"
fi
echo "verify: $ok ok, $failed failed, $skipped skipped; $tight work under the restricted policy as they are"
[ $failed = 0 ]
