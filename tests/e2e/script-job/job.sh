#!/bin/bash
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sort "$1" > "$work/sorted"
mkdir -p out
cp "$work/sorted" out/report
cd "$(dirname "$0")"
echo "in: $(wc -l < out/report) lines"
echo "out: $(realpath out/report)"
echo "uid=$(id -u) gid=$(id -g)"
exit 4
