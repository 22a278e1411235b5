#!/bin/sh
# try.sh UNROOT FOLDER: what unroot says of a sample, and the patch.
set -u
unroot=$1 folder=$2
section() { printf '\n\033[1m$ unroot %s\033[0m\n' "$1"; }
[ -t 1 ] || section() { printf '\n$ unroot %s\n' "$1"; }
section "check $folder"
"$unroot" check "$folder"
case $? in 0 | 1) ;; *) exit 1 ;; esac
section "diff $folder"
"$unroot" diff "$folder"
case $? in 0 | 1) ;; *) exit 1 ;; esac
printf '\nYour own: %s diff PATH prints a patch, %s fix PATH rewrites in place, %s explain RULE says why.\n' \
    "$unroot" "$unroot" "$unroot"
