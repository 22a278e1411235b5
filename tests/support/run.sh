#!/bin/sh
# run.sh LOGS NAME COMMAND...: runs one test program. One line when it passes, all of its output when
# it does not. LOGS/NAME.log has the output, LOGS/NAME.result the line.
logs=$1 name=$2
shift 2
log=$logs/$name.log result=$logs/$name.result
mkdir -p "${log%/*}"
rm -f "$result"
begin=$(date +%s)
timeout -k 10 "${TEST_SECONDS:-900}" "$@" >"$log" 2>&1
status=$?
seconds=$(($(date +%s) - begin))
# cmocka: "[  PASSED  ] 12 test(s)."; TAP and bats: "ok 12 - title"
passed=$(awk '/^\[  PASSED  \]/ { n += $4 } /^ok [0-9]/ { n++ } /^[0-9]+ golden cases/ { n += $1 }
    END { if (n) printf " (%d)", n }' "$log")
skipped=$(grep -c '^ok .*# skip\|^\[  SKIPPED \] [a-z]' "$log")
[ "$skipped" = 0 ] || passed="$passed, $skipped skipped"
if [ $status -eq 0 ]; then
    line="  ok    $name$passed"
    [ "$seconds" -lt 5 ] || line="$line ${seconds}s"
    echo "$line" | tee "$result"
    exit 0
fi
cat "$log"
[ $status -ne 124 ] || echo "  (out of time)"
echo "  FAIL  $name: exit status $status, see $log" | tee "$result"
exit 1
