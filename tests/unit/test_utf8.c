/* UTF-8 as Go reads it: what is one bad byte, what is one code point, what is a blank. */
#include "tests/support/unit.h"

#include "base/utf8.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void test_every_code_point_comes_back(void **state)
{
    (void)state;
    size_t wants = 1;
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        char out[4];
        size_t n = utf8_put(cp, out), len;
        uint32_t back = utf8_at(str_make(out, n), 0, &len);
        if (cp == 0x80 || cp == 0x800 || cp == 0x10000)
            wants++;
        assert_int_equal(n, wants);
        if (cp >= 0xD800 && cp <= 0xDFFF) { /* surrogates have no UTF-8 */
            assert_int_equal(back, UTF8_BAD);
            assert_int_equal(len, 1);
        } else {
            assert_int_equal(back, cp);
            assert_int_equal(len, n);
        }
    }
}

static void test_bad_bytes(void **state)
{
    (void)state;
    static const struct str bad[] = {
        STR("\x80"),
        STR("\xBF"),
        STR("\xC0\x80"),
        STR("\xC1\xBF"),
        STR("\xE0\x80\x80"),
        STR("\xE0\x9F\xBF"),
        STR("\xED\xA0\x80"),
        STR("\xF0\x80\x80\x80"),
        STR("\xF0\x8F\xBF\xBF"),
        STR("\xF4\x90\x80\x80"),
        STR("\xF5\x80\x80\x80"),
        STR("\xFF"),
        STR("\xC3"),
        STR("\xE2\x82"),
        STR("\xF0\x9F\x98"),
        STR("\xC3("),
        STR("\xE2\x28\xA1"),
        STR("\xF0\x9F\x28\xBC"),
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        size_t len = 9;
        if (utf8_at(bad[i], 0, &len) != UTF8_BAD || len != 1 || utf8_valid(bad[i])) {
            unit_show("not refused", bad[i]);
            fail();
        }
    }
    /* U+FFFD that is really there is three bytes and valid */
    size_t len;
    assert_int_equal(utf8_at(STR("\xEF\xBF\xBD"), 0, &len), UTF8_BAD);
    assert_int_equal(len, 3);
    assert_true(utf8_valid(STR("a\xEF\xBF\xBD\0\xF4\x8F\xBF\xBF")));
    assert_true(utf8_valid(STR_NULL));
    assert_false(utf8_valid(STR("abc\xC3")));
}

static void test_repair(void **state)
{
    (void)state;
    struct str good = STR("gr\xC3\xBC\xC3\x9F\x65");
    assert_ptr_equal(utf8_repair(&arena, good).p, good.p);
    EQ(utf8_repair(&arena, STR("a\xFF\xFE"
                               "b\xC3")),
       "a\xEF\xBF\xBD\xEF\xBF\xBD"
       "b\xEF\xBF\xBD");
    /* a sequence that breaks off: one mark a byte */
    EQ(utf8_repair(&arena, STR("\xE2\x82!")), "\xEF\xBF\xBD\xEF\xBF\xBD!");
    EQ(utf8_repair(&arena, STR("a\0\xFF")), "a\0\xEF\xBF\xBD");
}

static void test_count(void **state)
{
    (void)state;
    assert_int_equal(utf8_count(STR("")), 0);
    assert_int_equal(utf8_count(STR("a\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80")), 4);
    assert_int_equal(utf8_count(STR("\xFF\xFF\xC3")), 3);
}

static void test_spaces(void **state)
{
    (void)state;
    static const uint32_t spaces[] = {9,      10,     11,     12,     13,     ' ',    0x85,
                                      0xA0,   0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004,
                                      0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200A, 0x2028,
                                      0x2029, 0x202F, 0x205F, 0x3000};
    size_t next = 0;
    for (uint32_t cp = 0; cp < 0x20000; cp++) {
        bool want = next < COUNT(spaces) && cp == spaces[next];
        next += want;
        if (utf8_is_space(cp) != want)
            fail_msg("U+%04X", cp);
    }
    assert_int_equal(next, COUNT(spaces));
    for (int c = 0; c < 128; c++)
        assert_int_equal(str_is_blank((char)c), utf8_is_space((uint32_t)c));
}

static void test_safe(void **state)
{
    (void)state;
    EQ(utf8_safe(&arena, STR("plain text"), 0), "plain text");
    EQ(utf8_safe(&arena, STR("a\x1B[31mb\nc\td\x7F"), 0), "a?[31mb?c?d?");
    EQ(utf8_safe(&arena, STR("\0"), 0), "?");
    EQ(utf8_safe(&arena,
                 STR("\xC2\x9B"
                     "x"),
                 0),
       "?x"); /* C1: CSI in one code point */
    EQ(utf8_safe(&arena,
                 STR("a\xE2\x80\xAE"
                     "b"),
                 0),
       "a?b"); /* turns the reading direction */
    EQ(utf8_safe(&arena,
                 STR("\xFF"
                     "a\xC3\xBC"),
                 0),
       "?a\xC3\xBC");
    EQ(utf8_safe(&arena, STR("\xEF\xBF\xBD"), 0), "\xEF\xBF\xBD");
    assert_string_equal(utf8_safe(&arena, STR_NULL, 0).p, "");
    assert_string_equal(utf8_safe(&arena, STR("abc"), 3).p, "abc");
    EQ(utf8_safe(&arena, STR("abcd"), 3), "abc...");
    EQ(utf8_safe(&arena,
                 STR("ab\xE2\x82\xAC"
                     "de"),
                 3),
       "ab\xE2\x82\xAC..."); /* never half a code point */
    EQ(utf8_safe(&arena, STR("ab\xE2\x82\xAC"), 3), "ab\xE2\x82\xAC");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code_point_comes_back),
        cmocka_unit_test(test_bad_bytes),
        cmocka_unit_test(test_repair),
        cmocka_unit_test(test_count),
        cmocka_unit_test(test_spaces),
        cmocka_unit_test(test_safe),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
