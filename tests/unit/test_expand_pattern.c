#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dockerfile/expand.h"

#define BAD "\xEF\xBF\xBD" /* U+FFFD */
#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct {
    const char *name, *text;
} variables[] = {
    {"N", "app"},
    {"EMPTY", ""},
    {"FILE", "/srv/a.b/pkg.tar.gz"},
    {"LINES", "ab\ncb\nb"},
    {"STARS", "a*b?c\\d"},
    {"GLOB", "*."},
    {"DOLLARS", "<$0$1${0}$$${z}${0$>"},
    {"LATIN", "caf\xE9"},
};

/* $U is set, but nobody knows to what. */
static bool look_up(void *ctx, struct str name, struct expand_value *out)
{
    (void)ctx;
    *out = (struct expand_value){.known = !str_is(name, "U")};
    if (!out->known)
        return true;
    for (size_t i = 0; i < COUNT(variables); i++) {
        out->text = str_of(variables[i].text);
        if (str_is(name, variables[i].name))
            return true;
    }
    return false;
}

static const struct expand_env env = {.lookup = look_up};

struct pair {
    const char *word, *want;
};

static struct arena arena;

static int release(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void check(const char *word, struct expanded e, const char *want, const char *error)
{
    const char *got = e.error ? e.error : "no error";
    if (error ? !e.error || strcmp(e.error, error) || e.text.n : e.error || !str_is(e.text, want))
        fail_msg("%s gives '%.*s' (%s)", word, STR_ARG(e.text), got);
}

static void gives(const struct pair *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        check(p[i].word, expand_word(&arena, str_of(p[i].word), '\\', env), p[i].want, NULL);
}

static void fails(const struct pair *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        check(p[i].word, expand_word(&arena, str_of(p[i].word), '\\', env), NULL, p[i].want);
}

static void prefixes_and_suffixes(void **state)
{
    (void)state;
    static const struct pair cases[] = {
        {"${FILE#*/}", "srv/a.b/pkg.tar.gz"},
        {"${FILE##*/}", "pkg.tar.gz"},
        {"${FILE%/*}", "/srv/a.b"},
        {"${FILE%%/*}", ""},
        {"${FILE%.*}", "/srv/a.b/pkg.tar"},
        {"${FILE%%.*}", "/srv/a"},
        {"${FILE%.gz}${FILE#/srv}", "/srv/a.b/pkg.tar/a.b/pkg.tar.gz"},
        {"${FILE#srv}${FILE%tar}", "/srv/a.b/pkg.tar.gz/srv/a.b/pkg.tar.gz"},
        {"${N#?}${N%?}${N#????}", "ppapapp"},
        {"${N#}${N##}${N%}${N%%}", "appappappapp"},
        {"${N#*}", "app"},
        {"${N##*}", ""},
        {"${N%*p}", "ap"},
        {"${FILE##*.*/}", "pkg.tar.gz"},
        {"${FILE#*.*.}", "tar.gz"},
        {"${FILE##*$GLOB}", "gz"}, /* a value's star is a star */
        {"${STARS#a\\*}", "b?c\\d"},
        {"${STARS##*\\?}", "c\\d"},
        {"${STARS##*\\\\}", "d"},
        {"${STARS%\\?*}", "a*b"},
        {"${STARS#'a\\*'}", "b?c\\d"},
        {"${STARS#\"a\\*\"}", "a*b?c\\d"}, /* there the escape is written twice */
        {"${STARS%d}${STARS%x}", "a*b?c\\a*b?c\\d"},
        {"${X#a}${X%%*}", ""},
        {"${EMPTY##*}", ""},
        {"${N#[a]}${N#(a|b)}${N#.}", "appappapp"}, /* neither sets nor regular expressions */
        {"${LATIN%\xC3\xA9}", "caf" BAD},          /* suffixes go through code points */
        {"${LATIN#caf}", "\xE9"},
        {"${LATIN#caf\xE9}${LATIN#caf?}", ""},
    };
    gives(cases, COUNT(cases));
}

static void replacements(void **state)
{
    (void)state;
    static const struct pair cases[] = {
        {"${N/p/q}${N//p/q}", "aqpaqq"},
        {"${N/x/y}${N//x/y}", "appapp"},
        {"${FILE//\\//\\/}", "\\/srv\\/a.b\\/pkg.tar.gz"}, /* the replacement keeps its escapes */
        {"${FILE//./}", "/srv/ab/pkgtargz"},
        {"${FILE/a*r/X}", "/srv/X.gz"}, /* leftmost, then longest */
        {"${FILE//a?/-}", "/srv/-b/pkg.t-.gz"},
        {"${N//?/-}", "---"},
        {"${N//*/-}${N/*/-}", "--"},
        {"${N///-}", "-a-p-p-"},
        {"${N/$EMPTY/-}", "-app"},
        {"${X/*/y}${X//a/b}", "y"},
        {"${N/a/$FILE}", "/srv/a.b/pkg.tar.gzpp"},
        {"${N/'a'/\"b c\"}", "b cpp"},
        {"${STARS//\\*/+}", "a+b?c\\d"},
        {"${STARS/\\\\/}", "a*b?cd"},
    };
    gives(cases, COUNT(cases));
}

/* Go's template: only for the replacement of all, and only one that comes from a value. */
static void dollars_in_a_replacement(void **state)
{
    (void)state;
    static const struct pair cases[] = {
        {"${N/p/$DOLLARS}", "a<$0$1${0}$$${z}${0$>p"},
        {"${N//a?/$DOLLARS}", "<apap$${0$>p"},
        {"${N//x/$DOLLARS}", "app"},
    };
    gives(cases, COUNT(cases));
}

/* A star does not cross a line, as in Go's regular expressions. */
static void lines(void **state)
{
    (void)state;
    static const struct pair cases[] = {
        {"${LINES#*b}", "\ncb\nb"},     {"${LINES##*b}", "\ncb\nb"},
        {"${LINES##*c}", "ab\ncb\nb"},  {"${LINES%%*}", "ab\ncb\n"},
        {"${LINES//*/-}", "-\n-\n-"},   {"${LINES/c*b/-}", "ab\n-\nb"},
        {"${LINES//?/-}", "--\n--\n-"}, {"${LINES#*\n*\n}", "b"},
        {"${LINES/b*\nb/-}", "ab\nc-"}, {"${LINES//b*b/-}", "ab\ncb\nb"},
    };
    gives(cases, COUNT(cases));
}

static void bad_patterns(void **state)
{
    (void)state;
    static const struct pair cases[] = {
        {"${N#\\x}", "invalid pattern (\\x) in substitution: invalid escape '\\x'"},
        {"${N##a\\x}", "invalid pattern (a\\x) in substitution: invalid escape '\\x'"},
        {"${N%a\\x}", "invalid pattern (\\xa) in substitution: invalid escape '\\x'"},
        {"${N/\\x/}", "invalid pattern (\\x) in substitution: invalid escape '\\x'"},
        {"${N//\\\xC3\xA9/}",
         "invalid pattern (\\\xC3\xA9) in substitution: invalid escape '\\\xC3\xA9'"},
        {"${N#'\\'}", "invalid pattern (\\) in substitution: invalid escape '\\" BAD "'"},
        {"${X#\\x}", "invalid pattern (\\x) in substitution: invalid escape '\\x'"},
        {"${N%a'\\'}", "invalid pattern (\\a) in substitution: invalid escape '\\a'"},
        {"${N%a\\\xC3\xA9}", "invalid pattern (\\\xC3\xA9"
                             "a) in substitution: invalid escape '\\\xC3\xA9'"},
        {"${U%a\\x}", "invalid pattern (\\xa) in substitution: invalid escape '\\x'"},
        {"${U#\\x}", "invalid pattern (\\x) in substitution: invalid escape '\\x'"},
        {"${U//\\x/}", "invalid pattern (\\x) in substitution: invalid escape '\\x'"},
    };
    fails(cases, COUNT(cases));
}

#define TEST(f) cmocka_unit_test_teardown(f, release)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(prefixes_and_suffixes),
        TEST(replacements),
        TEST(dollars_in_a_replacement),
        TEST(lines),
        TEST(bad_patterns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
