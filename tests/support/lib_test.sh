#!/bin/sh
# lib_test.sh BUILD: what a user of the library meets. Installs into a folder of its own (twice: as a
# packager with DESTDIR, and straight into a prefix), looks at the symbols, builds a C and a C++ program
# with nothing but the installed header and pkg-config, shared and static, runs them, uninstalls.
set -eu
build=$1
make=${MAKE:-make} cc=${CC:-cc} cxx=${CXX:-c++}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0
ok() { n=$((n + 1)); echo "ok $n - $1"; }
die() { echo "not ok $((n + 1)) - $1"; exit 1; }
files() { (cd "$1" && find . ! -type d | LC_ALL=C sort); }

# ---- symbols

foreign=$(nm -D --defined-only "$build/libunroot.so" | awk '$3 !~ /^ur_/ { print $3 }')
[ -z "$foreign" ] || die "libunroot.so exports $foreign"
foreign=$(nm -g --defined-only "$build/libunroot.a" | awk 'NF == 3 && $3 !~ /^ur_/ { print $3 }')
[ -z "$foreign" ] || die "libunroot.a exports $foreign"
sed -n 's/^UR_API .*[ *]\(ur_[a-z_]*\)(.*/\1/p' include/unroot.h | LC_ALL=C sort >"$work/declared"
nm -D --defined-only "$build/libunroot.so" | awk '{ print $3 }' | LC_ALL=C sort >"$work/exported"
diff "$work/declared" "$work/exported" || die "what is exported is not what unroot.h declares"
[ -s "$work/declared" ] || die "unroot.h declares nothing"
ok "exactly the functions of unroot.h are exported"
readelf -d "$build/libunroot.so" | grep -q 'SONAME.*\[libunroot\.so\.[0-9][0-9]*\]' || die "no soname"
ok "the shared library has a soname"

# ---- installation

run_make() { $make --no-print-directory "$@" >"$work/make.log" 2>&1 || { cat "$work/make.log"; die "make $*"; }; }

run_make B="$build" DESTDIR="$work/dest" prefix=/opt/ur libdir=/opt/ur/lib/multi install
[ -x "$work/dest/opt/ur/bin/unroot" ] || die "DESTDIR: no program"
[ -f "$work/dest/opt/ur/lib/multi/pkgconfig/unroot.pc" ] || die "libdir: no unroot.pc"
grep -q '^libdir=/opt/ur/lib/multi$' "$work/dest/opt/ur/lib/multi/pkgconfig/unroot.pc" || die "libdir in unroot.pc"
! grep -rqF "$work" "$work/dest/opt/ur/lib/multi/pkgconfig" || die "DESTDIR got into unroot.pc"
[ -z "$(find "$work/dest" -mindepth 1 -maxdepth 1 ! -name opt)" ] || die "files outside of the prefix"
ok "DESTDIR and libdir"
run_make B="$build" DESTDIR="$work/dest" prefix=/opt/ur libdir=/opt/ur/lib/multi uninstall
[ -z "$(files "$work/dest")" ] || die "uninstall left $(files "$work/dest")"
ok "uninstall removes what install put there"

run_make B="$build" PREFIX="$work/usr" install
for f in bin/unroot include/unroot.h lib/libunroot.a lib/libunroot.so lib/pkgconfig/unroot.pc \
    share/bash-completion/completions/unroot share/zsh/site-functions/_unroot \
    share/fish/vendor_completions.d/unroot.fish; do
    [ -s "$work/usr/$f" ] || die "not installed: $f"
done
[ "$(find "$work/usr/include" -type f | wc -l)" -eq 1 ] || die "more than one header is installed"
[ "$("$work/usr/bin/unroot" --version)" = "unroot $(PKG_CONFIG_PATH=$work/usr/lib/pkgconfig pkg-config --modversion unroot)" ] ||
    die "program and unroot.pc differ in version"
ok "PREFIX"

# ---- programs that use it

cat >"$work/use.c" <<'END'
#include <stdio.h>
#include <string.h>
#include <unroot.h>

/* Names that the library has inside, too: they must not meet. */
int buf_add(void);
int buf_add(void)
{
    return 7;
}

int main(void)
{
    static const char in[] = "FROM node:24\nWORKDIR /app\nCOPY . .\nCMD [\"node\", \"server.js\"]\n";
    struct ur_options *o = ur_options_new();
    size_t n = 0, m = 0;
    if (ur_options_set(o, "nonsense", "1") != UR_EUSAGE || !*ur_options_error(o))
        return 1;
    if (ur_options_seal(o) != UR_OK)
        return 2;
    struct ur_result *r = ur_rewrite(o, "Dockerfile", in, sizeof in - 1);
    if (ur_result_status(r) != UR_OK || !ur_result_changed(r) || ur_result_answer(r) != UR_SAFE)
        return 3;
    const char *out = ur_result_bytes(r, &n), *patch = ur_result_patch(r, &m);
    if (n <= sizeof in - 1 || !strstr(out, "\nUSER ") || strncmp(patch, "--- a/Dockerfile\n", 17))
        return 4;
    if (!ur_result_finding_count(r) || !ur_result_finding(r, 0)->rule)
        return 5;
    if (!ur_result_report(r, "json", &n) || n < 2 || ur_result_report(r, "nonsense", &n))
        return 6;
    printf("%s %s %d\n", ur_version(), ur_answer_name(ur_result_answer(r)), buf_add());
    ur_result_free(r);
    ur_options_free(o);
    return 0;
}
END
cp "$work/use.c" "$work/use.cc"
PKG_CONFIG_PATH=$work/usr/lib/pkgconfig
export PKG_CONFIG_PATH
want="$(pkg-config --modversion unroot) safe 7"

# shellcheck disable=SC2046 # pkg-config prints words
compile() { # TITLE LIBRARY-PATH COMMAND...
    title=$1 path=$2
    shift 2
    "$@" -Wall -Wextra -Werror -o "$work/use" >"$work/log" 2>&1 || { cat "$work/log"; die "$title: does not build"; }
    have=$(LD_LIBRARY_PATH=$path "$work/use") || die "$title: exit status $?"
    [ "$have" = "$want" ] || die "$title: prints '$have', not '$want'"
    ok "$title"
}
flags=$(pkg-config --cflags --libs unroot)
case $flags in *pcre2* | *jansson* | *yaml*) die "the libraries that are used inside are named: $flags" ;; esac
compile "C, shared" "$work/usr/lib" $cc -std=c99 "$work/use.c" $flags
LD_LIBRARY_PATH=$work/usr/lib ldd "$work/use" | grep -q "$work/usr/lib/libunroot\.so\.[0-9]* " || die "not the shared library"
compile "C++, shared" "$work/usr/lib" $cxx -std=c++11 "$work/use.cc" $flags
rm "$work"/usr/lib/libunroot.so*
compile "C, static" "" $cc -std=c99 -static "$work/use.c" $(pkg-config --static --cflags --libs unroot)
compile "C++, static" "" $cxx -std=c++11 -static "$work/use.cc" $(pkg-config --static --cflags --libs unroot)
