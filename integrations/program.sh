#!/bin/sh
# program.sh: prints the path of the unroot to run: the installed one when it is of this tree's
# version, else the one in build/, which is built first if need be. What is built and what is wrong
# goes to standard error.
set -eu
tree=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
version=$(sed -n 's/^VERSION := //p' "$tree/Makefile")
installed=$(command -v unroot || true)
if [ -n "$installed" ] && [ "$("$installed" --version 2>/dev/null)" = "unroot $version" ]; then
    echo "$installed"
    exit 0
fi
if [ ! -x "$tree/build/unroot" ] && ! make -s -C "$tree" build/unroot >&2; then
    echo "unroot $version is neither installed nor could it be built: 'sh tests/support/deps.sh build' in" \
        "$tree installs what is missing" >&2
    exit 3
fi
echo "$tree/build/unroot"
