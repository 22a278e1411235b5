#!/bin/sh
# pre-commit.sh COMMAND ARGUMENT...: what the hooks in .pre-commit-hooks.yaml run.
set -eu
program=$(sh "$(dirname -- "$0")/program.sh")
exec "$program" "$@"
