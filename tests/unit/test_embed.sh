#!/bin/sh
# What embed.sh puts into a program comes out again byte by byte, its tables are sorted, and what
# cannot be embedded is refused. Runs from the project's root; needs a C compiler (CC).
set -eu
root=$PWD
embed=$root/src/knowledge/embed.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0

ok() {
    n=$((n + 1))
    echo "ok $n - $1"
}

die() {
    echo "not ok $((n + 1)) - $1"
    exit 1
}

expect_failure() { # TITLE TEXT ARGUMENT...
    title=$1 text=$2
    shift 2
    rm -f "$work/never.c"
    if sh "$embed" "$work/never.c" "$work" "$@" 2>"$work/err"; then
        die "$title: accepted"
    fi
    grep -qF -- "$text" "$work/err" || die "$title: $(cat "$work/err")"
    [ ! -e "$work/never.c" ] || die "$title: left a file behind"
    ok "$title"
}

cat >"$work/main.c" <<'EOF'
#include <stdio.h>
#include "knowledge/templates.h"

int main(int argc, char **argv)
{
    if (argc == 2) {
        const struct template *t = templates_find(str_of(argv[1]));
        return t ? fwrite(t->bytes, 1, t->size, stdout) != t->size : 1;
    }
    for (size_t i = 0; i < templates_count; i++)
        printf("%s %zu\n", templates_table[i].path, templates_table[i].size);
    for (size_t i = 0; i < templates_exact_count; i++)
        printf("exact %s %s %s\n", templates_exact[i].folder, templates_exact[i].name,
               templates_table[templates_exact[i].template].path);
    for (size_t i = 0; i < templates_prefixes_count; i++)
        printf("prefix %s %s %s\n", templates_prefixes[i].folder, templates_prefixes[i].name,
               templates_table[templates_prefixes[i].template].path);
    return 0;
}
EOF

build() {
    ${CC:-cc} -std=c11 -Wall -Wextra -Wpedantic -Werror -D_GNU_SOURCE -I"$root/src" \
        -o "$work/prog" "$work/main.c" "$work/data.c" "$root/src/knowledge/templates.c" \
        "$root/src/base/str.c" "$root/src/base/arena.c" "$root/src/base/bug.c"
}

# ---- bytes ----
mkdir -p "$work/t/kind" "$work/t/other" "$work/t/with blank"
for a in 0 1 2 3; do
    for b in 0 1 2 3 4 5 6 7; do
        # shellcheck disable=SC2059 # the format is the bytes
        printf "\\$a${b}0\\$a${b}1\\$a${b}2\\$a${b}3\\$a${b}4\\$a${b}5\\$a${b}6\\$a${b}7"
    done
done >"$work/t/every byte"
cat "$work/t/every byte" "$work/t/every byte" >"$work/t/with blank/x"
printf '' >"$work/t/empty"
printf '' >"$work/t/zz-empty-last"
printf '\n' >"$work/t/newline"
printf '\n\n\nx' >"$work/t/no-final-newline"
printf 'a\r\nb\r\n' >"$work/t/crlf"
printf '"\\?\?=\?/\n\\n"%%s%%d\\0011\0001' >"$work/t/quotes"
printf '/* */ // " #include\n??/\n' >"$work/t/comment?"
awk 'BEGIN { for (i = 0; i < 20000; i++) printf "0123456789" }' >"$work/t/long-line"
printf 'kind: [b, "a",  '"'c-*'"', c-long*]   # comment\r\nkind: x\n kind: [no]\n' >"$work/t/kind/one"
printf '# first\nkind: [d/e_f.g:1]\n' >"$work/t/kind/two"
printf 'kind: [b]\nother: [b]\n' >"$work/t/other/one"

(cd "$work" && find t -type f) >"$work/list"
sh "$embed" "$work/data.c" "$work" - <"$work/list"
build
while read -r file; do
    "$work/prog" "$file" | cmp -s - "$work/$file" || die "bytes of $file"
done <"$work/list"
[ "$(wc -l <"$work/list")" -eq 13 ] || die "$(wc -l <"$work/list") files"
ok "bytes"

"$work/prog" >"$work/got"
cat >"$work/want" <<'EOF'
t/comment? 24
t/crlf 6
t/empty 0
t/every byte 256
t/kind/one 65
t/kind/two 26
t/long-line 200000
t/newline 1
t/no-final-newline 4
t/other/one 21
t/quotes 24
t/with blank/x 512
t/zz-empty-last 0
exact kind a t/kind/one
exact kind b t/kind/one
exact kind d/e_f.g:1 t/kind/two
exact other b t/other/one
prefix kind c-long t/kind/one
prefix kind c- t/kind/one
EOF
diff "$work/want" "$work/got" || die "tables"
ok "tables"

sort -r "$work/list" >"$work/reversed"
sh "$embed" "$work/again.c" "$work" - <"$work/reversed"
cmp "$work/data.c" "$work/again.c" || die "order of arguments matters"
(cd "$work" && set -- t/*/* t/[!kow]* && sh "$embed" ./data2.c . "$@" "$@")
grep -qF '{"t/kind/two", 26,' "$work/data2.c" || die "files as arguments"
ok "order, repetition"

sh "$embed" "$work/data.c" "$work"
build
[ -z "$("$work/prog")" ] || die "no files: a table is not empty"
ok "no files"

# ---- what is refused ----
printf 'kind: [b]\n' >"$work/t/kind/three"
expect_failure "a name in two files" "claimed twice" t/kind/one t/kind/three
printf 'kind: [x, x]\n' >"$work/t/kind/three"
expect_failure "a name twice in a file" "claimed twice" t/kind/three
printf 'kind: [a,\n  b]\n' >"$work/t/kind/three"
expect_failure "names on two lines" "t/kind/three:1: names must be one [list] on one line" t/kind/three
printf 'kind: [a, , b]\n' >"$work/t/kind/three"
expect_failure "an empty name" "t/kind/three:1: bad name ''" t/kind/three
printf 'kind: [a*b]\n' >"$work/t/kind/three"
expect_failure "a star inside a name" "bad name 'a*b'" t/kind/three
printf 'kind: [a"b]\n' >"$work/t/kind/three"
expect_failure "a quote inside a name" "bad name 'a\"b'" t/kind/three
expect_failure "a missing file" "t/none: not a readable file" t/none
expect_failure "a folder" "t/kind: not a readable file" t/kind
expect_failure "a newline in a path" "contains a newline" "t/a
b"
echo "1..$n"
