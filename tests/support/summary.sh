#!/bin/sh
# summary.sh LOGS: one line about all tests that ran.
count() { find "$1" -name '*.result' -exec cat {} + 2>/dev/null | grep -c "^  $2" || true; }
ok=$(count "$1" ok) failed=$(count "$1" FAIL)
names=$(find "$1" -name '*.result' -exec grep -h '^  FAIL' {} + 2>/dev/null | sed 's/^  FAIL  \([^:]*\):.*/\1/' | tr '\n' ' ')
if [ "$failed" -ne 0 ]; then
    echo "unroot: $failed of $((ok + failed)) test programs FAILED: $names"
    exit 1
fi
[ "$ok" -ne 0 ] || { echo "unroot: no test has run"; exit 1; }
echo "unroot: all tests passed ($ok test programs)"
