#!/bin/sh
# corpus.sh BUILD DIR: the properties over DIR/*.Dockerfile (the table is printed), and the same files
# through the program: the patch of `diff`, applied by git, gives what `fix` writes, and threads make no
# difference.
set -u
build=$1 corpus=$2
if [ -z "$corpus" ] || ! ls "$corpus"/*.Dockerfile >/dev/null 2>&1; then
    echo "corpus: CORPUS=DIR must name a folder with *.Dockerfile files${corpus:+; $corpus has none}" >&2
    exit 2
fi
corpus=$(cd "$corpus" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_CEILING_DIRECTORIES=/
export GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM GIT_CEILING_DIRECTORIES
failed=0
(cd "$corpus" && find . -maxdepth 1 -name '*.Dockerfile' | LC_ALL=C sort | "$build/test/corpus" -) || failed=1

expect() { # STATUSES COMMAND...
    allowed=$1
    shift
    "$@"
    case " $allowed " in *" $? "*) ;; *) echo "FAIL $*: exit status $?"; failed=1 ;; esac
}
copy() { mkdir "$1" && find "$corpus" -maxdepth 1 -name '*.Dockerfile' -exec cp -t "$1" {} + && chmod -R u+w "$1"; }

for option in "" --unsafe-fixes; do
    rm -rf "$work"/*
    copy "$work/fixed"
    copy "$work/patched"
    copy "$work/fixed8"
    (cd "$work/patched" && expect "0 1 3" "$build/unroot" diff -q -j1 $option . >"$work/j1.patch" 2>/dev/null
     cd "$work/patched" && expect "0 1 3" "$build/unroot" diff -q -j8 $option . >"$work/j8.patch" 2>/dev/null)
    cmp "$work/j1.patch" "$work/j8.patch" || { echo "FAIL diff $option: -j1 and -j8 differ"; failed=1; }
    (cd "$work/fixed" && "$build/unroot" fix -q -j1 $option . >/dev/null 2>&1)
    (cd "$work/fixed8" && "$build/unroot" fix -q -j8 $option . >/dev/null 2>&1)
    diff -rq "$work/fixed" "$work/fixed8" || { echo "FAIL fix $option: -j1 and -j8 differ"; failed=1; }
    if [ -s "$work/j1.patch" ]; then
        (cd "$work/patched" && git apply --whitespace=nowarn "$work/j1.patch") || { echo "FAIL git apply $option"; failed=1; }
    elif [ -n "$option" ]; then
        echo "FAIL nothing would change in the whole corpus"
        failed=1
    fi
    diff -rq "$work/fixed" "$work/patched" || { echo "FAIL diff $option: the patch is not what fix writes"; failed=1; }
    echo "patch $option: $(grep -c '^--- ' "$work/j1.patch") files, $(wc -c <"$work/j1.patch") bytes, applied"
done
[ $failed = 0 ] && echo "corpus: all properties hold" || echo "corpus: FAILED"
exit $failed
