#!/bin/sh
# same_bytes.sh UNROOT PATH...: however many threads work, and however often, the bytes are the same.
# Every file under the paths is taken as a Dockerfile.
set -eu
unroot=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/in"
find "$@" -type f ! -name '*.json' | LC_ALL=C sort | {
    i=0
    while read -r file; do
        i=$((i + 1))
        mkdir -p "$work/in/$((i % 20))"
        cp "$file" "$work/in/$((i % 20))/$i.Dockerfile"
    done
}
cp -R "$work/in" "$work/one"
cp -R "$work/in" "$work/eight"
run() { # OUT STATUSES COMMAND...
    out=$1
    shift
    status=0
    "$@" >"$out" 2>"$out.err" || status=$?
    echo "status $status" >>"$out"
    case $status in 0 | 1 | 3) ;; *) cat "$out.err"; echo "not ok - $*: exit status $status"; exit 1 ;; esac
}
n=0
for command in "diff" "diff --unsafe-fixes" "check --format json --unsafe-fixes" "check -v"; do
    # shellcheck disable=SC2086 # a command and its options
    (cd "$work/in" && run "$work/j1" "$unroot" $command -j1 . && run "$work/j8" "$unroot" $command -j8 . &&
        run "$work/j8again" "$unroot" $command -j8 .) || exit 1
    [ "$(wc -l <"$work/j1")" -gt 1 ] || { echo "not ok - $command prints nothing"; exit 1; }
    cmp "$work/j1" "$work/j8"
    cmp "$work/j8" "$work/j8again"
    cmp "$work/j1.err" "$work/j8.err"
    n=$((n + 1))
    echo "ok $n - $command: -j1 and -j8 give the same bytes"
done
(cd "$work/one" && run "$work/j1" "$unroot" fix -j1 --unsafe-fixes .) || exit 1
(cd "$work/eight" && run "$work/j8" "$unroot" fix -j8 --unsafe-fixes .) || exit 1
diff -r "$work/one" "$work/eight"
! diff -rq "$work/one" "$work/in" >/dev/null || { echo "not ok - fix changed nothing"; exit 1; }
echo "ok $((n + 1)) - fix: -j1 and -j8 write the same files"
