#!/usr/bin/env bats
# Whole trees, tests/trees/NAME: `about`, `options`, `tree/`, and `want/` with the files that `fix` changes.
# UPDATE=1 writes want/ anew: read it before it is committed.
load helper

trees=${BATS_TEST_DIRNAME%/*}/trees

changed() { # the files of this folder that are not as in FOLDER
    find . -type f | sed 's,^\./,,' | LC_ALL=C sort | while read -r file; do
        cmp -s "$file" "$1/$file" || printf '%s\n' "$file"
    done
}

update() { # WANT TREE
    rm -rf "$1"
    changed "$2" | while read -r file; do
        mkdir -p "$(dirname "$1/$file")"
        cp "$file" "$1/$file"
    done
}

@test "fix makes of each tree what is wanted, and a second time nothing more" {
    for case in "$trees"/*/; do
        case=${case%/}
        rm -rf ./* ./.[a-z]*
        cp -R "$case/tree/." .
        options=$(cat "$case/options" 2>/dev/null || :)
        # shellcheck disable=SC2086 # words
        u fix $options
        [[ $status == [03] ]] || fail "$case"
        [ -z "$UPDATE" ] || update "$case/want" "$case/tree"
        mkdir -p "$case/want"
        want=$(cd "$case/want" && find . -type f | sed 's,^\./,,' | LC_ALL=C sort)
        [ "$(changed "$case/tree")" = "$want" ] || fail "$case changes: $(changed "$case/tree" | tr '\n' ' ')"
        for file in $want; do
            cmp "$file" "$case/want/$file" || fail "$case: $file: $(diff "$case/want/$file" "$file")"
        done
        # shellcheck disable=SC2086
        u diff $options
        no_output
    done
}

@test "the patch of each tree applies, and gives the same" {
    for case in "$trees"/*/; do
        case=${case%/}
        rm -rf ./* ./.[a-z]*
        cp -R "$case/tree/." .
        options=$(cat "$case/options" 2>/dev/null || :)
        # shellcheck disable=SC2086
        "$UNROOT" diff -q $options >../patch 2>/dev/null && status=0 || status=$?
        [[ $status == [013] ]] || fail "$case"
        [ ! -s ../patch ] || git apply ../patch
        [ "$(changed "$case/tree")" = "$(cd "$case/want" && find . -type f | sed 's,^\./,,' | LC_ALL=C sort)" ] || fail "$case"
        for file in $(changed "$case/tree"); do
            cmp "$file" "$case/want/$file" || fail "$case: $file"
        done
    done
}
