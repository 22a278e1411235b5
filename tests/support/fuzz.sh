#!/bin/sh
# fuzz.sh PROGRAM BUILD SECONDS: one libFuzzer run. Seeds are the Dockerfiles (for others than the
# parser and the engine, files of build contexts) that golden/, docs/sample and tests/fuzz/cases hold; what it learns
# stays in BUILD/corpus. What crashes it is left in BUILD/crashes: reduce it, put it into
# tests/fuzz/cases, correct the program.
set -eu
program=$1 build=$2 seconds=$3
name=${program##*/}
seeds=$build/seeds learned=$build/corpus/$name crashes=$build/crashes
dict=tests/fuzz/dockerfile.dict
set -- '(' -name '*Dockerfile*' -o -path 'tests/fuzz/cases/*' ')'
case $name in
fuzz_server)
    seeds=$build/seeds_server dict=tests/fuzz/server.dict
    set -- '(' -name '*.conf' -o -name '*Caddyfile*' ')'
    ;;
fuzz_context)
    seeds=$build/seeds_context
    set -- -path '*/context/*'
    ;;
fuzz_script)
    seeds=$build/seeds_script
    set -- -name '*.sh'
    ;;
fuzz_builds | fuzz_ytree | fuzz_manifest | fuzz_deploy)
    seeds=$build/seeds_yaml dict=tests/fuzz/yaml.dict
    set -- '(' -name '*.y*ml' -o -name '*.hcl' -o -name '*.json' ')'
    ;;
esac
mkdir -p "$seeds" "$learned" "$crashes"
find golden docs/sample tests/fuzz/cases -type f "$@" -size -64k | LC_ALL=C sort | {
    i=0
    while read -r file; do
        i=$((i + 1))
        cp "$file" "$seeds/$i"
    done
    echo "  $name: $i seeds, $seconds seconds"
}
log=$build/log/$name.log
mkdir -p "$build/log"
if "$program" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 -max_len=16384 -len_control=20 \
    -dict="$dict" -artifact_prefix="$crashes/$name-" -print_final_stats=1 -verbosity=1 \
    "$learned" "$seeds" >"$log" 2>&1; then
    echo "  ok    $name: $(awk '/number_of_executed_units/ { print $2 }' "$log") runs, $(
        awk '/ cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") c = $(i + 1) } END { print c }' "$log") edges"
else
    grep -v '^#' "$log" | tail -n 60
    echo "  FAIL  $name: see $log and $crashes"
    exit 1
fi
