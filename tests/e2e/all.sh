#!/bin/sh
# run.sh over all cases, some at a time: building and running images is mostly waiting.
#
#   sh tests/e2e/all.sh [JOBS]      JOBS: default, the number of processors
#
# What the runs say is printed one after the other; the last line has the sums. Exit status as run.sh.
set -u
here=$(cd "$(dirname "$0")" && pwd) || exit 2
jobs=${1:-$(nproc)}
case $jobs in '' | *[!0-9]* | 0) echo "e2e: '$jobs' is no number of jobs" >&2; exit 2 ;; esac
out=$(mktemp -d) || exit 2
pids=

# shellcheck disable=SC2317 # called by trap
finish() {
    trap - EXIT INT TERM
    # shellcheck disable=SC2086 # numbers
    [ -z "$pids" ] || kill $pids 2>/dev/null
    wait
    rm -rf "$out"
}
trap finish EXIT
trap 'exit 130' INT TERM

# Every JOBS-th case, from the Nth on: cases with similar names cost alike.
share() { (cd "$here" && ls -d ./*/case) | awk -F/ -v n="$1" -v of="$jobs" 'NR % of == n { print $2 }'; }

# The last lines of each run: e2e: A of B rewritten images …, e2e: A ok, B failed, C known to fail, D skipped (engine …)
is_sum='^e2e: [0-9]* o[fk] *'
sums() {
    grep -h "$is_sum\|^e2e: skipped" "$out"/log-* | awk '
        /^e2e: [0-9]+ ok/ { ok += $2; failed += $4; known += $6; skipped += $10; tail = $0; next }
        /^e2e: [0-9]+ of/ { tight += $2; rewritten += $4; sub(/^.* rewritten/, "rewritten"); what = $0; next }
        { print }
        END {
            if (what != "") print "e2e: " tight " of " rewritten " " what
            sub(/^[^(]*/, "", tail)
            if (tail != "")
                print "e2e: " ok " ok, " failed " failed, " known " known to fail, " skipped " skipped " tail
        }'
}

n=0
while [ $n -lt "$jobs" ]; do
    # shellcheck disable=SC2046 # names of cases have no blanks
    set -- $(share $n)
    if [ $# -gt 0 ]; then
        sh "$here/run.sh" "$@" > "$out/log-$n" 2>&1 &
        pids="$pids $!"
    fi
    n=$((n + 1))
done
status=0
for pid in $pids; do
    wait "$pid"
    one=$?
    [ $one -le $status ] || status=$one
done
pids=
for log in "$out"/log-*; do
    grep -v "$is_sum\|^e2e: skipped" "$log"
done
sums
exit $status
