#!/bin/sh
# agreement.sh BUILD ANSWERS DIR: see buildkit_diff.py. ANSWERS may be compressed by xz.
set -eu
build=$1 answers=$2 corpus=$3
if [ ! -f "$answers" ] || [ ! -d "$corpus" ]; then
    echo "agreement: ANSWERS=FILE.jsonl[.xz] and CORPUS=DIR must be given, and be there" >&2
    exit 2
fi
case $answers in
*.xz)
    plain=$(mktemp)
    trap 'rm -f "$plain"' EXIT
    xz -dc "$answers" >"$plain"
    answers=$plain
    ;;
esac
python3 tests/support/buildkit_diff.py "$build/unroot" "$answers" "$corpus"
