#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "dockerfile/expand.h"

#define BAD "\xEF\xBF\xBD" /* U+FFFD */
#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { KNOWN = 1, ARGUMENT = 2 };

static const struct {
    const char *name, *text;
    int flags;
} variables[] = {
    {"N", "app", KNOWN},
    {"EMPTY", "", KNOWN},
    {"FILE", "/srv/a.b/pkg.tar.gz", KNOWN},
    {"SPACED", "p  q ", KNOWN},
    {"LATIN", "caf\xE9", KNOWN},
    {"\xED\x95\x9C", "korean", KNOWN},
    {"@", "at", KNOWN},
    {"12", "twelve", KNOWN},
    {"P", "8080", KNOWN | ARGUMENT},
    {"PEMPTY", "", KNOWN | ARGUMENT},
    {"U", "junk", 0},
    {"UA", "junk", ARGUMENT},
};

static bool look_up(void *ctx, struct str name, struct expand_value *out)
{
    (void)ctx;
    *out = (struct expand_value){STR("left over"), true, true};
    for (size_t i = 0; i < COUNT(variables); i++)
        if (str_is(name, variables[i].name)) {
            out->text = str_of(variables[i].text);
            out->known = variables[i].flags & KNOWN;
            out->argument = variables[i].flags & ARGUMENT;
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

/* ---- quotes and escapes --------------------------------------------------------------------- */

static void quotes_are_removed(void **state)
{
    (void)state;
    static const struct pair cases[] = {
        {"", ""},
        {"plain", "plain"},
        {"two  words ", "two  words "},
        {"'$N \\'", "$N \\"},
        {"a'b'c\"d\"e", "abcde"},
        {"''\"\"", ""},
        {"\"it's\"", "it's"},
        {"'say \"x\"'", "say \"x\""},
        {"\"$N ${N}\"", "app app"},
        {"\"${X:-\"}\"}\"", "}"},
        {"a<b<<c", "a<b<<c"},
    };
    gives(cases, COUNT(cases));
}

static void escapes(void **state)
{
    (void)state;
    static const struct pair cases[] = {
        {"\\a\\ \\\\", "a \\"}, {"\\$N", "$N"},           {"\\'\\\"", "'\""},
        {"end\\", "end"},       {"\"\\\"\"", "\""},       {"\"\\$N\"", "$N"},
        {"\"\\\\\"", "\\"},     {"\"\\n\\'\"", "\\n\\'"}, {"\\\xED\x95\x9C", "\xED\x95\x9C"},
        {"\\${N}", "${N}"},     {"\\\\$N", "\\app"},      {"'\\'", "\\"},
        {"\"`\"", "`"},         {"`$N", "`app"},
    };
    gives(cases, COUNT(cases));
}

static void the_other_escape(void **state)
{
    (void)state;
    static const struct pair cases[] = {
        {"c:\\dir", "c:\\dir"},
        {"`$N", "$N"},
        {"\"`$N\\\"", "$N\\"},
        {"``", "`"},
        {"\"```\"`x\"", "`\"`x"},
        {"\\$N", "\\app"},
        {"x`", "x"},
        {"${X:-`}}", "}"},
        /* patterns know the backslash only */
        {"${FILE%%.\\*}${FILE%%.`*}", "/srv/a.b/pkg.tar.gz/srv/a.b/pkg.tar.gz"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check(cases[i].word, expand_word(&arena, str_of(cases[i].word), '`', env), cases[i].want,
              NULL);
}

static void unbalanced_quotes(void **state)
{
    (void)state;
    static const char one[] = "unexpected end of statement while looking for matching single-quote";
    static const char two[] = "unexpected end of statement while looking for matching double-quote";
    static const struct pair cases[] = {
        {"it's", one},    {"'a\\'b'", one}, {"\"", two},
        {"\"a\\\"", two}, {"\"a\\", two},   {"$N'", one},
    };
    fails(cases, COUNT(cases));
}

static void text_is_read_as_utf8(void **state)
{
    (void)state;
    static const struct pair cases[] = {
        {"caf\xE9", "caf" BAD},
        {"'\xFF'\"\xFF\"\\\xFF", BAD BAD BAD},
        {"\xEF\xBB\xBFx\xEF\xBB\xBF", "x\xEF\xBB\xBF"}, /* a byte order mark, at the start only */
        {"${X:-\xEF\xBB\xBF}", "\xEF\xBB\xBF"},
        {"$LATIN", "caf\xE9"},
    };
    gives(cases, COUNT(cases));
    struct expanded e = expand_word(&arena, STR("a\0'b'"), '\\', env);
    assert_true(str_eq(e.text, STR("a\0b")));
}

/* ---- variables ------------------------------------------------------------------------------ */

static void names(void **state)
{
    (void)state;
    static const struct pair cases[] = {
        {"$N", "app"},
        {"${N}s$N.$N-", "appsapp.app-"},
        {"$NN$_N", ""},
        {"$12N$1N$012", "twelveNN"},
        {"$@@$*$#$?$-$$$!$0.", "at@."},
        {"${@}${12}${#}", "attwelve"},
        {"$", "$"},
        {"$.$ $/", "$.$ $/"},
        {"$\"N\"$'N'", "$N$N"},
        {"$\xED\x95\x9C", "korean"},
        {"$N\xC3\xA9", ""},   /* a letter: part of the name */
        {"$N\xD9\xA3.", "."}, /* an Arabic digit, too */
        {"$N\xC3\x97$N\xE2\x82\xAC", "app\xC3\x97"
                                     "app\xE2\x82\xAC"}, /* signs are not */
        {"${N}}", "app}"},
    };
    gives(cases, COUNT(cases));
}

static void defaults_and_alternatives(void **state)
{
    (void)state;
    static const struct pair cases[] = {
        {"${X:-d}${X-d}${N:-d}${N-d}", "ddappapp"},
        {"${EMPTY:-d}/${EMPTY-d}", "d/"},
        {"${X:+a}${X+a}${N:+a}${N+a}", "aa"},
        {"${EMPTY:+a}/${EMPTY+a}", "/a"},
        {"${X:-}${X-}${N:+}", ""},
        {"${X:-$N${Y:-\"${Z-z }\"}'}'}", "appz }"},
        {"${X:-a\\}b}", "a}b"},
        {"${X:-{a}}", "{a}"},
        {"${X:-a b  c}", "a b  c"},
        {"${X:-:-}${X--}${N:++}", ":--+"},
        {"${N?}${N:?msg}${EMPTY?m}", "appapp"},
        {"${-:-x}${?:-y}${!-z}${#:-w}", "xyzw"},
        {"${+a}${-}", ""}, /* a name may be empty, and it may be '-' */
    };
    gives(cases, COUNT(cases));
}

static void required_variables(void **state)
{
    (void)state;
    static const struct pair cases[] = {
        {"${X?}", "X: is not allowed to be unset"},
        {"${X:?}", "X: is not allowed to be unset"},
        {"${EMPTY:?}", "EMPTY: is not allowed to be empty"},
        {"${X?give $N}", "X: give app"},
        {"a${EMPTY:?\"no }\"}b", "EMPTY: no }"},
        {"${N:-${X?inner}}", "X: inner"}, /* also where the word is not used */
    };
    fails(cases, COUNT(cases));
}

static void syntax_errors(void **state)
{
    (void)state;
    static const char brace[] = "syntax error: missing '}'";
    static const char bad[] = "syntax error: bad substitution";
    static const struct pair cases[] = {
        {"${", brace},
        {"${}", bad},
        {"${{N}", bad},
        {"${:-x}", bad},
        {"${N", "unsupported modifier (" BAD ") in substitution"},
        {"${N^^}", "unsupported modifier (^) in substitution"},
        {"${N,,}", "unsupported modifier (,) in substitution"},
        {"${!N}", "unsupported modifier (N) in substitution"},
        {"${#N}", "unsupported modifier (N) in substitution"},
        {"${N\xC3\x97}", "unsupported modifier (\xC3\x97) in substitution"},
        {"${N=x}", "unsupported modifier (=) in substitution"},
        {"${N:=x}", "unsupported modifier (:=) in substitution"},
        {"${N:0:1}", "unsupported modifier (:0) in substitution"},
        {"${N:#x}", "unsupported modifier (:#) in substitution"},
        {"${N:%", "unsupported modifier (:%) in substitution"},
        {"${N:/a}", "unsupported modifier (:/) in substitution"},
        {"${N:", brace},
        {"${N:=x", brace},
        {"${N:-x", brace},
        {"${N:}", brace},
        {"${N:-'x}", brace}, /* the quote's error gives way to it */
        {"${N:-'x}'${", brace},
        {"${N:-${M^}}", "unsupported modifier (^) in substitution"},
        {"${N#x", brace},
        {"${N/x", "syntax error: missing '/' in ${}"},
        {"${N/x}", "syntax error: missing '/' in ${}"},
        {"${N//}", "syntax error: missing '/' in ${}"},
        {"${N/x/y", brace},
    };
    fails(cases, COUNT(cases));
}

/* ---- what is not known ---------------------------------------------------------------------- */

enum { UNKNOWN = 1, FROM_ARG = 2, UNSET = 4 };

static const struct {
    const char *word, *text;
    int marks;
} marked[] = {
    {"plain", "plain", 0},
    {"'$U$UA'\\$X", "$U$UA$X", 0},
    {"$N", "app", 0},
    {"a${U}b", "ab", UNKNOWN},
    {"a${UA}b", "ab", UNKNOWN | FROM_ARG},
    {"$P", "8080", FROM_ARG},
    {"\"x$P\"", "x8080", FROM_ARG},
    {"$PEMPTY", "", FROM_ARG},
    {"a$X", "a", UNSET},
    {"${X}$@", "at", UNSET},
    /* a default is a choice that a --build-arg may change */
    {"${X:-d}", "d", 0},
    {"${X-}", "", 0},
    {"${PEMPTY:-d}", "d", FROM_ARG},
    {"${PEMPTY-d}", "", FROM_ARG},
    {"${P:-d}", "8080", FROM_ARG},
    {"${U:-d}", "", UNKNOWN},
    {"x${UA:-d}", "xd", FROM_ARG},
    {"${UA-d}", "d", FROM_ARG},
    {"${UA:-$U}", "", UNKNOWN | FROM_ARG},
    {"${UA:-$X}", "", FROM_ARG | UNSET},
    {"${X:-$P}", "8080", FROM_ARG},
    {"${X:-$U}", "", UNKNOWN},
    {"${X:-$Y}", "", UNSET},
    {"${U:-$P}", "", UNKNOWN | FROM_ARG},
    /* what is not used does not count */
    {"${N:-$U$P$X}", "app", 0},
    {"${X+$U$P$Y}", "", 0},
    {"${N:?$U$P$X}", "app", 0},
    {"${N+$P}", "8080", FROM_ARG},
    {"${P:+a}", "a", FROM_ARG},
    {"${PEMPTY:+a}", "", FROM_ARG},
    {"${U:+a}", "", UNKNOWN},
    {"${UA+a}${UA:+$U$X}", "", FROM_ARG},
    {"${UA:?m}", "", UNKNOWN | FROM_ARG},
    {"${U?}", "", UNKNOWN},
    {"${P?}", "8080", FROM_ARG},
    /* patterns */
    {"${U#a}", "", UNKNOWN},
    {"${UA//a/b}", "", UNKNOWN | FROM_ARG},
    {"${P#80}", "80", FROM_ARG},
    {"${N#$U}", "", UNKNOWN},
    {"${N##$P}", "app", FROM_ARG},
    {"${N%$X}", "app", UNSET},
    {"${X%a}", "", UNSET},
    {"${X/a/b}", "", UNSET},
    {"${N/a/$UA}", "", UNKNOWN | FROM_ARG},
    {"${N/$U/b}", "", UNKNOWN},
    {"${N//p/$P}", "a80808080", FROM_ARG},
};

static void marks(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(marked); i++) {
        struct expanded e = expand_word(&arena, str_of(marked[i].word), '\\', env);
        int got = (e.unknown ? UNKNOWN : 0) | (e.argument ? FROM_ARG : 0) | (e.unset ? UNSET : 0);
        check(marked[i].word, e, marked[i].text, NULL);
        if (got != marked[i].marks)
            fail_msg("%s is marked %d", marked[i].word, got);
    }
}

static void nothing_is_set_without_a_lookup(void **state)
{
    (void)state;
    struct expanded e = expand_word(&arena, STR("$N${N:-d}"), '\\', (struct expand_env){0});
    check("no lookup", e, "d", NULL);
    assert_true(e.unset);
}

static void unset_ones_are_kept(void **state)
{
    (void)state;
    static const struct pair cases[] = {
        {"$X${X}$N", "$X${X}app"},
        {"${X:-'a b'$N\\}}", "${X:-a bapp}}"},
        {"${X##a\\}b}", "${X##a\\}b}"},
        {"${X//a/$N}", "${X/a/app}"}, /* BuildKit forgets a slash */
        {"${X:=a}${X?}", "${X:=a}${X?}"},
        {"$", "$"},
    };
    struct expand_env keep = env;
    keep.keep_unset = true;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct expanded e = expand_word(&arena, str_of(cases[i].word), '\\', keep);
        check(cases[i].word, e, cases[i].want, NULL);
        assert_false(e.unset);
    }
    check("^", expand_word(&arena, STR("${X^}"), '\\', keep), NULL,
          "unsupported modifier (^) in substitution");
}

/* ---- splitting ------------------------------------------------------------------------------ */

/* The words with '|' between them. */
static struct str joined(const struct expand_words *w)
{
    struct buf b = buf_in(&arena);
    for (size_t i = 0; i < w->words.n; i++) {
        if (i)
            buf_addc(&b, '|');
        buf_add(&b, w->words.v[i]);
    }
    return buf_str(&b);
}

static void words(void **state)
{
    (void)state;
    static const struct pair cases[] = {
        {"", ""},
        {"  ", ""},
        {"a", "a"},
        {" a\tb\n c ", "a|b|c"},
        {"a\xC2\xA0"
         "b\xE2\x80\x83"
         "c",
         "a|b|c"},
        {"\"a b\" 'c d' e\\ f", "a b|c d|e f"},
        {"a\"b c\"d e", "ab cd|e"},
        {"'' \"\" a", "a"}, /* an empty word is none */
        {"x$SPACED!", "xp|q|!"},
        {"x\"$SPACED\"!", "xp  q !"},
        {"$P 90", "8080|90"},
        {"$X 90$X", "90"},
        {"<< a", "<< a"}, /* looks like a heredoc */
        {"< a <<< b", "<|a|<<<|b"},
        {"<<\n a", "<<|a"},
        {"$LATIN", "caf" BAD},
        {"${X:-80 90}", "80|90"},
        {"${X:-\"80 90\"}", "80|90"}, /* the value is split, its quotes are gone */
        {"1${X:-2}3", "23"},          /* BuildKit loses what stands in front */
        {"a 1\"${X:-2}\"3", "a|23"},
        {"1${N}2${N#a}3", "pp3"},
        {"1${P}2", "180802"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct expand_words w = expand_words(&arena, str_of(cases[i].word), '\\', env);
        if (w.whole.error || !str_is(joined(&w), cases[i].want))
            fail_msg("'%s' gives %.*s", cases[i].word, STR_ARG(joined(&w)));
    }
}

static void words_have_a_whole(void **state)
{
    (void)state;
    struct expand_words w = expand_words(&arena, STR(" 1${X:-2}  '$U'$P$U "), '\\', env);
    check("whole", w.whole, " 12  $U8080 ", NULL);
    assert_true(w.whole.unknown && w.whole.argument && !w.whole.unset);
    w = expand_words(&arena, STR("a b 'c"), '\\', env);
    assert_non_null(w.whole.error);
    assert_int_equal(w.words.n, 0);
    assert_int_equal(w.whole.text.n, 0);
}

static void raw_splitting(void **state)
{
    (void)state;
    static const struct pair cases[] = {
        {"RUN cat <<EOF > /x", "RUN|cat|<<EOF|>|/x"},
        {"RUN <<-\"E F\" 3<<'X'", "RUN|<<-\"E F\"|3<<'X'"},
        {"RUN << EOF", "RUN|<< EOF"},
        {"RUN <<- EOF", "RUN|<<-|EOF"},
        {"a\\ b \\<<EOF \\\\", "a\\ b|\\<<EOF|\\\\"},
        {"<<$E <<${E}", "<<$E|<<${E}"},
        {"\"a\\\"b\\$\\\\\" 'c\\'", "\"a\\\"b\\$\\\\\"|'c\\'"},
        {"\"\\n\"", "\"\\\\n\""}, /* BuildKit writes this escape twice */
        {"$(( 1 << 3 ))", "$((|1|<< 3|))"},
        {"${x:-a\\ b} c", "${x:-a|b}|c"}, /* the word's escapes are not raw */
        {"${x#a\\}b} ${y//a/'b'}", "${x#a\\}b}|${y/a/'b'}"},
        {"${y/a\\/b/c\\}d}", "${y/a\\/b/c\\}d}"},
        {"end\\", "end\\"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct expand_words w;
        bool ok = expand_split_raw(&arena, str_of(cases[i].word), '\\', &w);
        if (!ok || !str_is(joined(&w), cases[i].want))
            fail_msg("'%s' gives %.*s", cases[i].word, STR_ARG(joined(&w)));
    }
}

static void raw_splitting_fails(void **state)
{
    (void)state;
    static const char *const bad[] = {"echo it's <<EOF", "a \"b", "a ${ b", "a ${x^} b", "${x/a}"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct expand_words w;
        if (expand_split_raw(&arena, str_of(bad[i]), '\\', &w))
            fail_msg("'%s' lexes", bad[i]);
        assert_int_equal(w.words.n, 0);
        assert_non_null(w.whole.error);
    }
}

static void heredoc_bodies(void **state)
{
    (void)state;
    static const struct pair cases[] = {
        {"it's \"$N\" '${N}'\n", "it's \"app\" 'app'\n"},
        {"\\$N \\\\ \\n \\\n`x", "$N \\ n \n`x"},
        {"${X:-'a'\"}\"}", "'a'\"\"}"}, /* no quotes there either */
        {"a << b\n", "a << b\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check(cases[i].word, expand_heredoc(&arena, str_of(cases[i].word), env), cases[i].want,
              NULL);
    assert_true(expand_heredoc(&arena, STR("'$U'"), env).unknown);
}

#define TEST(f) cmocka_unit_test_teardown(f, release)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(quotes_are_removed),
        TEST(escapes),
        TEST(the_other_escape),
        TEST(unbalanced_quotes),
        TEST(text_is_read_as_utf8),
        TEST(names),
        TEST(defaults_and_alternatives),
        TEST(required_variables),
        TEST(syntax_errors),
        TEST(marks),
        TEST(nothing_is_set_without_a_lookup),
        TEST(unset_ones_are_kept),
        TEST(words),
        TEST(words_have_a_whole),
        TEST(raw_splitting),
        TEST(raw_splitting_fails),
        TEST(heredoc_bodies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
