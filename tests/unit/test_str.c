/* Slices: clamping, NULL, NUL bytes, and numbers at the edge. */
#include "tests/support/unit.h"

#include "base/arena.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void test_sub_clamps(void **state)
{
    (void)state;
    struct str s = STR("abc");
    EQ(str_sub(s, 0, 3), "abc");
    EQ(str_sub(s, 1, 2), "b");
    EQ(str_sub(s, 1, 99), "bc");
    EQ(str_sub(s, 99, 100), "");
    EQ(str_sub(s, 2, 1), "");
    EQ(str_from(s, 3), "");
    EQ(str_from(s, 4), "");
    assert_null(str_sub(STR_NULL, 0, 5).p);
    assert_int_equal(str_from(STR_NULL, 1).n, 0);
}

static void test_equality(void **state)
{
    (void)state;
    assert_true(str_eq(STR(""), STR_NULL));
    assert_true(str_eq(STR("a\0b"), STR("a\0b")));
    assert_false(str_eq(STR("a\0b"), STR("a\0c")));
    assert_false(str_eq(STR("a"), STR("ab")));
    assert_true(str_is(STR("ab"), "ab"));
    assert_false(str_is(STR("ab"), "a"));
    assert_false(str_is(STR("a"), "ab"));
    assert_true(str_is(STR(""), ""));
    assert_true(str_is(STR_NULL, ""));
    assert_true(str_is(STR_NULL, NULL));
    assert_false(str_is(STR("a"), NULL));
    assert_false(str_is(STR("a"), ""));
    assert_false(str_is(STR("\0"), ""));
    assert_false(str_is(STR("ab\0"), "ab"));
    assert_true(str_eq_nocase(STR("From"), STR("fROM")));
    assert_false(str_eq_nocase(STR("From"), STR("Fro")));
    assert_false(str_eq_nocase(STR("[@`{"), STR("{`@["))); /* 32 apart, but no letters */
}

static void test_ends(void **state)
{
    (void)state;
    assert_true(str_starts(STR("abc"), STR("ab")));
    assert_true(str_starts(STR("abc"), STR("")));
    assert_true(str_starts(STR("abc"), STR_NULL));
    assert_false(str_starts(STR("ab"), STR("abc")));
    assert_true(str_ends(STR("abc"), STR("bc")));
    assert_false(str_ends(STR("bc"), STR("abc")));
    assert_true(str_ends(STR_NULL, STR_NULL));
}

static void test_order(void **state)
{
    (void)state;
    assert_true(str_cmp(STR("a"), STR("b")) < 0);
    assert_true(str_cmp(STR("b"), STR("a")) > 0);
    assert_true(str_cmp(STR("a"), STR("aa")) < 0);
    assert_true(str_cmp(STR(""), STR("a")) < 0);
    assert_int_equal(str_cmp(STR(""), STR_NULL), 0);
    assert_true(str_cmp(STR("\xFF"), STR("a")) > 0); /* bytes have no sign */
}

/* What str_find() must say, without its shortcuts. */
static ptrdiff_t find_slowly(struct str s, struct str needle)
{
    for (size_t i = 0; i + needle.n <= s.n; i++)
        if (memcmp(s.p + i, needle.p, needle.n) == 0)
            return (ptrdiff_t)i;
    return -1;
}

static void test_find(void **state)
{
    (void)state;
    assert_int_equal(str_find(STR("abcabd"), STR("abd")), 3);
    assert_int_equal(str_find(STR("ab"), STR("abc")), -1);
    assert_int_equal(str_find(STR_NULL, STR("a")), -1);
    assert_int_equal(str_find(STR("a\0b\0c"), STR("\0c")), 3);
    assert_int_equal(str_chr(STR("a\0b"), 'b'), 2);
    assert_int_equal(str_chr(STR_NULL, 'b'), -1);
    assert_int_equal(str_rchr(STR("abab"), 'a'), 2);
    assert_int_equal(str_rchr(STR_NULL, 'a'), -1);
    assert_true(str_has(STR("xyz"), "z"));
    assert_false(str_has(STR("xyz"), "zz"));
    assert_true(str_has(STR("xyz"), "x"));
    char text[80], needle[40];
    unsigned seed = 1;
    for (int round = 0; round < 20000; round++) {
        size_t n = (seed = seed * 1103515245u + 12345u) >> 16 & 63, m = 1 + (seed >> 8) % 36;
        for (size_t i = 0; i < n; i++)
            text[i] = "ab"[(seed = seed * 1103515245u + 12345u) >> 20 & 1];
        for (size_t i = 0; i < m; i++)
            needle[i] = "ab"[(seed = seed * 1103515245u + 12345u) >> 20 & 1];
        struct str s = str_make(text, n), x = str_make(needle, m);
        assert_int_equal(str_find(s, x), find_slowly(s, x));
    }
}

static void test_trim(void **state)
{
    (void)state;
    EQ(str_trim(STR(" \t\n\v\f\r a b\r\n")), "a b");
    EQ(str_trim(STR(" \n")), "");
    EQ(str_trim(STR_NULL), "");
    EQ(str_trim(STR("\xC2\xA0x")), "\xC2\xA0x"); /* ASCII only */
}

static void test_split(void **state)
{
    (void)state;
    struct str s = STR("a,,b,"), part;
    assert_true(str_split(&s, ',', &part));
    EQ(part, "a");
    assert_true(str_split(&s, ',', &part));
    EQ(part, "");
    assert_true(str_split(&s, ',', &part));
    EQ(part, "b");
    assert_true(str_split(&s, ',', &part));
    EQ(part, "");
    assert_false(str_split(&s, ',', &part));
    s = STR(""); /* one part, an empty one */
    assert_true(str_split(&s, ',', &part));
    EQ(part, "");
    assert_false(str_split(&s, ',', &part));
    s = STR_NULL;
    assert_false(str_split(&s, ',', &part));
}

static bool number(const char *text, uint64_t max, uint64_t want)
{
    uint64_t v = 4711;
    return str_to_u64(str_of(text), max, &v) && v == want;
}

static void test_numbers(void **state)
{
    (void)state;
    assert_true(number("0", 0, 0));
    assert_true(number("007", 7, 7));
    assert_true(number("65535", 65535, 65535));
    assert_false(number("65536", 65535, 65536));
    assert_true(number("18446744073709551615", UINT64_MAX, UINT64_MAX));
    assert_false(number("18446744073709551616", UINT64_MAX, 0));
    assert_false(number("99999999999999999999", 5, 0));
    assert_false(number("9", 5, 9));
    static const char *const none[] = {
        "", "-1", "+1", " 1", "1 ", "0x1", "1e3", "\xD9\xA1", "000000000000000000001"};
    for (size_t i = 0; i < COUNT(none); i++)
        if (number(none[i], UINT64_MAX, 1))
            fail_msg("'%s' is taken for a number", none[i]);
    uint64_t v;
    assert_false(str_to_u64(STR("1\0"), 99, &v));
}

static void test_basename(void **state)
{
    (void)state;
    EQ(str_basename(STR("/usr/bin/env")), "env");
    EQ(str_basename(STR("env")), "env");
    EQ(str_basename(STR("/usr/bin//")), "bin");
    EQ(str_basename(STR("/")), "");
    EQ(str_basename(STR("")), "");
}

static void test_copies(void **state)
{
    (void)state;
    EQ(str_dup(&arena, STR("a\0b")), "a\0b");
    assert_string_equal(str_z(&arena, STR("abc")), "abc");
    assert_string_equal(str_z(&arena, STR_NULL), "");
    assert_string_equal(str_dup(&arena, STR_NULL).p, "");
    EQ(str_lower(&arena, STR("AbZ[\xC3\x84")), "abz[\xC3\x84");
    EQ(str_cat(&arena, STR_NULL, STR("b")), "b");
    EQ(str_cat(&arena, STR("a"), STR_NULL), "a");
    EQ(str_fmt(&arena, "%d %.*s", 7, STR_ARG(STR("xyz"))), "7 xyz");
    EQ(str_fmt(&arena, "[%.*s]", STR_ARG(STR_NULL)), "[]");
    memset(arena_bytes(&arena, 5000), 'x', 5000);
    arena_reset(&arena); /* what is handed out now was not zero */
    assert_int_equal(str_dup(&arena, STR("ab")).p[2], 0);
    assert_int_equal(str_lower(&arena, STR("ab")).p[2], 0);
    assert_int_equal(str_cat(&arena, STR("a"), STR("b")).p[2], 0);
    assert_int_equal(str_fmt(&arena, "%s", "ab").p[2], 0);
    char big[3000];
    memset(big, 'x', sizeof big);
    assert_int_equal(str_fmt(&arena, "%.*s!", (int)sizeof big, big).n, sizeof big + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sub_clamps), cmocka_unit_test(test_equality),
        cmocka_unit_test(test_ends),       cmocka_unit_test(test_order),
        cmocka_unit_test(test_find),       cmocka_unit_test(test_trim),
        cmocka_unit_test(test_split),      cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_basename),   cmocka_unit_test(test_copies),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
