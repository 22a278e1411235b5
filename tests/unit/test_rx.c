#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/rx.h"

static struct rx *compile(const char *pattern, unsigned flags)
{
    char err[200] = "";
    struct rx *rx = rx_compile(pattern, strlen(pattern), flags, err, sizeof err);
    if (!rx)
        fail_msg("%s: %s", pattern, err);
    return rx;
}

static enum rx_result match(const char *pattern, unsigned flags, struct str s)
{
    struct rx *rx = compile(pattern, flags);
    enum rx_result r = rx_match(rx, s, NULL);
    rx_free(rx);
    return r;
}

static struct str repeat(const char *unit, size_t n, const char *end)
{
    size_t u = strlen(unit), e = strlen(end);
    char *p = malloc(n * u + e);
    for (size_t i = 0; i < n; i++)
        memcpy(p + i * u, unit, u);
    memcpy(p + n * u, end, e);
    return str_make(p, n * u + e);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void searches_anywhere(void **state)
{
    (void)state;
    assert_int_equal(match("-alpine", RX_USER, STR("20-alpine3.19")), RX_YES);
    assert_int_equal(match("-alpine", RX_USER, STR("20-bookworm")), RX_NO);
    assert_int_equal(match("-ALPINE", RX_USER, STR("20-alpine")), RX_NO);
    assert_int_equal(match("-ALPINE", RX_USER | RX_NOCASE, STR("20-alpine")), RX_YES);
    assert_int_equal(match("-alpine", RX_USER | RX_SHORT, STR("20-alpine")), RX_YES);
}

static void whole_means_both_ends(void **state)
{
    (void)state;
    assert_int_equal(match("a|ab", RX_WHOLE, STR("ab")), RX_YES);
    assert_int_equal(match("a|ab", RX_WHOLE, STR("abc")), RX_NO);
    assert_int_equal(match("b", RX_WHOLE, STR("ab")), RX_NO);
}

static void dollar_is_the_very_end(void **state)
{
    (void)state;
    assert_int_equal(match("^a$", 0, STR("a")), RX_YES);
    assert_int_equal(match("^a$", 0, STR("a\n")), RX_NO);
}

static void empty_things(void **state)
{
    (void)state;
    assert_int_equal(match("", RX_USER, STR_NULL), RX_YES);
    assert_int_equal(match("^$", RX_USER, STR_NULL), RX_YES);
    assert_int_equal(match("x", RX_USER, STR_NULL), RX_NO);
    char err[80];
    struct rx *rx = rx_compile(NULL, 0, RX_USER, err, sizeof err);
    assert_non_null(rx);
    struct rx_match m;
    assert_int_equal(rx_match(rx, STR_NULL, &m), RX_YES);
    assert_int_equal(m.n, 1);
    assert_non_null(m.group[0].p);
    assert_int_equal(m.group[0].n, 0);
    rx_free(rx);
    rx_free(NULL);
}

static void reports_groups(void **state)
{
    (void)state;
    struct rx *rx = compile("(\\d+)(-x)?(-)(y*)", RX_USER);
    struct str s = STR("v20-1");
    struct rx_match m;
    assert_int_equal(rx_match(rx, s, &m), RX_YES);
    assert_int_equal(m.n, 5);
    assert_true(str_is(m.group[0], "20-"));
    assert_ptr_equal(m.group[1].p, s.p + 1);
    assert_true(str_is(m.group[1], "20"));
    assert_null(m.group[2].p);
    assert_true(str_is(m.group[3], "-"));
    assert_non_null(m.group[4].p); /* took part, but is empty */
    assert_int_equal(m.group[4].n, 0);
    assert_int_equal(rx_match(rx, STR("zzz"), &m), RX_NO);
    assert_int_equal(m.n, 0);
    assert_null(m.group[0].p);
    rx_free(rx);
}

static void unset_groups_at_the_end_are_counted(void **state)
{
    (void)state;
    struct rx *rx = compile("a|(b)|(c)", 0);
    struct rx_match m;
    assert_int_equal(rx_match(rx, STR("a"), &m), RX_YES);
    assert_int_equal(m.n, 3);
    assert_null(m.group[1].p);
    assert_null(m.group[2].p);
    rx_free(rx);
}

static void more_groups_than_reported(void **state)
{
    (void)state;
    struct rx *rx = compile("(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)(l)(m)(n)(o)(p)(q)(r)", 0);
    struct rx_match m;
    assert_int_equal(rx_match(rx, STR("abcdefghijklmnopqr"), &m), RX_YES);
    assert_int_equal(m.n, RX_GROUPS);
    assert_true(str_is(m.group[15], "o"));
    rx_free(rx);
}

static void start_behind_end_is_empty(void **state)
{
    (void)state;
    struct rx *rx = compile("(?(DEFINE)(?<k>ab\\K))(?=(?&k))", 0);
    struct rx_match m;
    assert_int_equal(rx_match(rx, STR("xab"), &m), RX_YES);
    assert_int_equal(m.group[0].n, 0);
    rx_free(rx);
}

static void wrong_patterns_say_why(void **state)
{
    (void)state;
    static const char *const wrong[] = {"(",   "a{2,1}", "[z-a]",   "*", "(?<n>a)(?<n>b)",
                                        "\\C", "\xff",   "(?<=a*)b"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char err[200] = "";
        assert_null(rx_compile(wrong[i], strlen(wrong[i]), RX_USER, err, sizeof err));
        assert_non_null(strstr(err, "(at byte "));
    }
    char tiny[4];
    assert_null(rx_compile("(", 1, RX_USER, tiny, sizeof tiny));
    assert_int_equal(strlen(tiny), 3);
    struct str big = repeat("a", RX_PATTERN_MAX + 1, "");
    char err[200] = "";
    assert_null(rx_compile(big.p, big.n, RX_USER, err, sizeof err));
    free((char *)big.p);
}

static void user_patterns_know_code_points(void **state)
{
    (void)state;
    assert_int_equal(match("^.$", RX_USER, STR("\xC3\xA9")), RX_YES);
    assert_int_equal(match("^.$", 0, STR("\xC3\xA9")), RX_NO);
}

static void invalid_utf8_in_a_subject_is_skipped(void **state)
{
    (void)state;
    for (unsigned brief = 0; brief <= RX_SHORT; brief += RX_SHORT) {
        assert_int_equal(match("ab", RX_USER | brief,
                               STR("\xFF\xFE"
                                   "ab\x80")),
                         RX_YES);
        assert_int_equal(match("a.b", RX_USER | brief,
                               STR("a\xFF"
                                   "b")),
                         RX_NO);
        assert_int_equal(match("^b", RX_USER | brief,
                               STR("\xFF"
                                   "b")),
                         RX_NO);
        assert_int_equal(match("\xC3\xA9", RX_USER | brief, STR("\xC3")), RX_NO);
    }
}

static void nul_is_a_byte(void **state)
{
    (void)state;
    assert_int_equal(match("a\\x00b$", RX_USER, STR("a\0b")), RX_YES);
    char err[80];
    struct rx *rx = rx_compile("a\0b", 3, 0, err, sizeof err);
    assert_non_null(rx);
    assert_int_equal(rx_match(rx, STR("xa\0b"), NULL), RX_YES);
    assert_int_equal(rx_match(rx, STR("a"), NULL), RX_NO);
    rx_free(rx);
}

static void long_subjects_are_a_limit(void **state)
{
    (void)state;
    struct str s = repeat("x", RX_SUBJECT_MAX, "");
    assert_int_equal(match("^x", 0, s), RX_YES);
    assert_int_equal(match("^y", 0, s), RX_NO);
    free((char *)s.p);
    s = repeat("x", RX_SUBJECT_MAX + 1, "");
    assert_int_equal(match("^x", 0, s), RX_LIMIT);
    assert_int_equal(match("^y", 0, s), RX_LIMIT);
    free((char *)s.p);
}

/* The two settings keep PCRE2 from seeing at once that these cannot match. */
#define SLOW "(*NO_START_OPT)(*NO_AUTO_POSSESS)"

/* Each would take from seconds to for ever without limits, at one of the two lengths. */
static void hostile_patterns_end(void **state)
{
    (void)state;
    static const char *const hostile[] = {
        SLOW "(a+)+$",
        SLOW "(a|aa)+$",
        SLOW "(?:a*)*b",
        SLOW "([a-z]+)*\\d",
        SLOW "(.*)*[^a!]",
        SLOW "a*a*a*a*a*c",
        SLOW "((?:a|b)*?)*c",
        SLOW "(?=(a+))*\\1+\\d",
        SLOW "(?:a*+b|a)*d",
        SLOW "(?:(?!a*+b)(?!a*+b)(?!a*+b)(?!a*+b)(?!a*+b)(?!a*+b)a|a)*d",
        SLOW "(?i)(?:\\X*+b|.)*d",
        SLOW "(?:[\\p{Lu}\\p{Han}\\p{Greek}\\p{Sc}\\p{Nd}]*+b|.)*d",
    };
    for (unsigned brief = 0; brief <= RX_SHORT; brief += RX_SHORT)
        for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++)
            for (size_t n = 127; n < RX_SUBJECT_MAX; n = n * 128 + 127) {
                struct str s = repeat("a", n, "!");
                double from = seconds();
                enum rx_result r = match(hostile[i], RX_USER | brief, s);
                double took = seconds() - from;
                if (took > 1)
                    print_message("%s on %zu: %.2f s, result %d\n", hostile[i], n, took, r);
                assert_true(took < 10);
                assert_int_not_equal(r, RX_YES);
                if (n > 1000)
                    assert_int_equal(r, RX_LIMIT);
                free((char *)s.p);
            }
}

static void a_limit_is_not_no_match(void **state)
{
    (void)state;
    struct str s = repeat("a", 127, "!");
    assert_int_equal(match("(a+)+$", RX_USER, s), RX_LIMIT);
    assert_int_equal(match("(a+)+$", RX_USER | RX_SHORT, s), RX_LIMIT);
    free((char *)s.p);
}

static void ordinary_patterns_stay_below_the_limits(void **state)
{
    (void)state;
    struct str s = repeat("some words and-dashes ", RX_SUBJECT_MAX / 22 - 1, "the end");
    assert_int_equal(match("the end$", RX_USER, s), RX_YES);
    assert_int_equal(match("(\\w+)-(\\w+) the end", RX_USER, s), RX_YES);
    assert_int_equal(match("(\\w+)-(\\w+) the dog", RX_USER, s), RX_NO);
    assert_int_equal(match("^(?:[a-z-]+ )*the end$", RX_USER, s), RX_YES);
    assert_int_equal(match("(a|b)*x$", 0, s), RX_NO);
    struct str tag = STR("20.11.1-bookworm-slim-with-some-more-words-behind-it-20240109.12345678");
    assert_int_equal(match("^(\\d+)(\\.\\d+)*-.*(slim|alpine).*(\\.|-)9$", RX_USER | RX_SHORT, tag),
                     RX_NO);
    assert_int_equal(match("^([4-79]|8\\.([0-9]|1[0-5])|1\\d\\.[0-3])(\\.|-|$)|wheezy|argon|-.*8$",
                           RX_USER | RX_SHORT, tag),
                     RX_YES);
    free((char *)s.p);
}

/* Needs more than the 32 KiB that machine code has by default. */
static void deep_but_fine(void **state)
{
    (void)state;
    struct str s = repeat("a", 4000, "b");
    assert_int_equal(match("^(?:a(?=.)|b)+$|^((?:a|c)+)b$", 0, s), RX_YES);
    assert_int_equal(match("^(a|(c))+?b$", 0, s), RX_YES);
    free((char *)s.p);
}

struct worker {
    const struct rx *rx;
    unsigned long hits;
};

static void *work(void *arg)
{
    struct worker *w = arg;
    char text[32];
    for (int i = 0; i < 2000; i++) {
        struct rx_match m;
        int n = snprintf(text, sizeof text, "v%d-alpine", i);
        if (rx_match(w->rx, str_make(text, (size_t)n), &m) == RX_YES && m.group[1].p == text + 1)
            w->hits++;
    }
    return NULL;
}

static void threads_share_a_pattern(void **state)
{
    (void)state;
    struct rx *rx = compile("(\\d+)-alpine$", RX_USER);
    pthread_t t[4];
    struct worker w[4];
    for (int i = 0; i < 4; i++) {
        w[i] = (struct worker){rx, 0};
        assert_int_equal(pthread_create(&t[i], NULL, work, &w[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(t[i], NULL);
        assert_int_equal(w[i].hits, 2000);
    }
    rx_free(rx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(searches_anywhere),
        cmocka_unit_test(whole_means_both_ends),
        cmocka_unit_test(dollar_is_the_very_end),
        cmocka_unit_test(empty_things),
        cmocka_unit_test(reports_groups),
        cmocka_unit_test(unset_groups_at_the_end_are_counted),
        cmocka_unit_test(more_groups_than_reported),
        cmocka_unit_test(start_behind_end_is_empty),
        cmocka_unit_test(wrong_patterns_say_why),
        cmocka_unit_test(user_patterns_know_code_points),
        cmocka_unit_test(invalid_utf8_in_a_subject_is_skipped),
        cmocka_unit_test(nul_is_a_byte),
        cmocka_unit_test(long_subjects_are_a_limit),
        cmocka_unit_test(hostile_patterns_end),
        cmocka_unit_test(a_limit_is_not_no_match),
        cmocka_unit_test(ordinary_patterns_stay_below_the_limits),
        cmocka_unit_test(deep_but_fine),
        cmocka_unit_test(threads_share_a_pattern),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
