/* What expand does with input that is meant to hurt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <time.h>

#include "base/buf.h"
#include "dockerfile/expand.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct arena arena;
static struct str huge;

static bool look_up(void *ctx, struct str name, struct expand_value *out)
{
    (void)ctx;
    *out = (struct expand_value){.text = str_is(name, "N") ? STR("app") : huge, .known = true};
    return str_is(name, "N") || str_is(name, "HUGE") || str_is(name, "EMPTY");
}

static const struct expand_env env = {.lookup = look_up};

static int release(void **state)
{
    (void)state;
    arena_release(&arena);
    huge = STR_NULL;
    return 0;
}

static struct expanded expand(struct str word)
{
    return expand_word(&arena, word, '\\', env);
}

static struct str repeated(const char *unit, size_t n)
{
    struct buf b = buf_in(&arena);
    for (size_t i = 0; i < n; i++)
        buf_addz(&b, unit);
    return buf_str(&b);
}

static struct expanded nested(size_t depth)
{
    struct str open = repeated("${X:-", depth), close = repeated("}", depth);
    return expand(str_cat(&arena, open, close));
}

static void nesting_is_bounded(void **state)
{
    (void)state;
    assert_null(nested(64).error);
    assert_string_equal(nested(65).error, "expansion is nested too deeply");
    assert_string_equal(nested(200000).error, "expansion is nested too deeply");
    /* not "missing '}'", though it is */
    assert_string_equal(expand(repeated("${X:-", 65)).error, "expansion is nested too deeply");
    struct expand_words w;
    assert_false(expand_split_raw(&arena, repeated("\"${X:-", 100000), '\\', &w));
}

static void long_text_is_no_matter(void **state)
{
    (void)state;
    struct str text = repeated("'a' \\b ", 1000000);
    struct expand_words w;
    assert_int_equal(expand(text).text.n, 4000000);
    assert_true(expand_split_raw(&arena, text, '\\', &w));
    assert_int_equal(w.words.n, 2000000);
}

static void values_are_bounded(void **state)
{
    (void)state;
    huge = repeated("a", 1 << 20);
    assert_int_equal(expand(STR("$HUGE")).text.n, 1 << 20);
    static const char *const cases[] = {"$HUGE$HUGE", "${HUGE/a/$HUGE}", "${HUGE//a/bb}",
                                        "${HUGE///bb}"};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct expanded e = expand(str_of(cases[i]));
        if (!e.error || strcmp(e.error, "expansion is too long") != 0 || e.text.n)
            fail_msg("%s: %s", cases[i], e.error ? e.error : "no error");
    }
}

static void a_budget_runs_out(void **state)
{
    (void)state;
    static const struct {
        const char *word, *want; /* NULL: an error */
        size_t left;
    } cases[] = {
        {"a$N'b'", "aappb", 4}, {"'plain' text", "plain text", 4},
        {"$N$N", NULL, 0},      {"x$EMPTY${X:-y}", "xy", 0},
        {"$N", NULL, 0},        {"plain", "plain", 0},
    };
    size_t budget = 7;
    struct expand_env limited = env;
    limited.budget = &budget;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct expanded e = expand_word(&arena, str_of(cases[i].word), '\\', limited);
        if (cases[i].want ? e.error || !str_is(e.text, cases[i].want) : !e.error || e.text.n)
            fail_msg("%s: %.*s", cases[i].word, STR_ARG(e.text));
        assert_int_equal(budget, cases[i].left);
    }
}

/* One word may not be slow, whatever value and pattern are. */
static void patterns_are_bounded(void **state)
{
    (void)state;
    static const char *const patterns[] = {"${HUGE##*%.*sb}",   "${HUGE%%%%*%.*sb*}",
                                           "${HUGE//%.*sb/x}",  "${HUGE//*%.*s*b/x}",
                                           "${HUGE/%.*s?*b/x}", "${HUGE//%.*s/x}"};
    huge = repeated("a", 1 << 20);
    struct str many[] = {repeated("a", 30000), repeated("a*", 30000), repeated("?", 30000)};
    clock_t begin = clock();
    for (size_t i = 0; i < COUNT(patterns) * COUNT(many); i++) {
        struct str m = many[i % COUNT(many)];
        struct str word = str_fmt(&arena, patterns[i / COUNT(many)], STR_ARG(m));
        struct expanded e = expand(word);
        if (e.error && strcmp(e.error, "expansion takes too much work") != 0)
            fail_msg("%s: %s", patterns[i / COUNT(many)], e.error);
    }
    assert_true((double)(clock() - begin) / CLOCKS_PER_SEC < 20); /* for sanitizers, too */
}

static void long_values_are_quick(void **state)
{
    (void)state;
    huge = repeated("a/b\n", 1 << 17);
    clock_t begin = clock();
    struct expanded e = expand(STR("${HUGE//a*b/x}"));
    assert_null(e.error);
    assert_int_equal(e.text.n, 2 << 17);
    e = expand(STR("${HUGE//\\//-}"));
    assert_null(e.error);
    assert_true(str_starts(e.text, STR("a-b\na-b\n")));
    assert_true((double)(clock() - begin) / CLOCKS_PER_SEC < 5);
}

#define TEST(f) cmocka_unit_test_teardown(f, release)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nesting_is_bounded),   TEST(long_text_is_no_matter), TEST(values_are_bounded),
        TEST(patterns_are_bounded), TEST(long_values_are_quick),  TEST(a_budget_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
