/* What Go's encoding/json takes for an array of strings, and what silently is shell form. */
#include "tests/support/unit.h"

#include "base/buf.h"
#include "dockerfile/json.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* The strings joined with '|'. */
static void strings(struct str text, struct str want)
{
    json_strings out = {0};
    if (json_read_array(&arena, text, &out) != JSON_STRINGS) {
        unit_show("not an array of strings", text);
        fail();
    }
    struct buf b = buf_in(&arena);
    VEC_EACH (s, &out) {
        if (s != out.v)
            buf_addc(&b, '|');
        buf_add(&b, *s);
    }
    EQ_STR(buf_str(&b), want, str_z(&arena, text));
}

static void all_are(enum json_array kind, const struct str *texts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        json_strings out = {0};
        enum json_array have = json_read_array(&arena, texts[i], &out);
        if (have != kind) {
            unit_show("wrong kind", texts[i]);
            fail_msg("%d, not %d", have, kind);
        }
    }
}

static void test_strings(void **state)
{
    (void)state;
    strings(STR("[\"a\"]"), STR("a"));
    strings(STR("[ \"a\" ,\t\"b c\"\n]\r "), STR("a|b c"));
    strings(STR("[]"), STR(""));
    strings(STR("[ ]  "), STR(""));
    strings(STR("[\"\",\"\"]"), STR("|"));
    strings(STR("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]"), STR("\"\\/\b\f\n\r\t"));
    strings(STR("[\"a\\u00e9b\"]"), STR("a\xC3\xA9"
                                        "b"));
    strings(STR("[\"\\u20AC\\u0000\"]"), STR("\xE2\x82\xAC\0"));
    strings(STR("[\"\x7F\xC3\xBC\"]"), STR("\x7F\xC3\xBC"));
}

static void test_surrogates(void **state)
{
    (void)state;
    strings(STR("[\"\\ud83d\\ude00\"]"), STR("\xF0\x9F\x98\x80"));
    strings(STR("[\"\\uD83D\\uDE00\"]"), STR("\xF0\x9F\x98\x80"));
    strings(STR("[\"\\ud83d\\udc00\\udbff\\udfff\"]"), STR("\xF0\x9F\x90\x80\xF4\x8F\xBF\xBF"));
    strings(STR("[\"\\ud83dx\"]"), STR("\xEF\xBF\xBDx"));
    strings(STR("[\"\\ude00\"]"), STR("\xEF\xBF\xBD"));
    strings(STR("[\"\\ud83d\\ud83d\\ude00\"]"), STR("\xEF\xBF\xBD\xF0\x9F\x98\x80"));
    strings(STR("[\"\\ud83d\\u0041\"]"), STR("\xEF\xBF\xBD"
                                             "A"));
}

static void test_invalid_utf8_is_replaced(void **state)
{
    (void)state;
    strings(STR("[\"a\xFF\"]"), STR("a\xEF\xBF\xBD"));
    strings(STR("[\"\xE2\x82\",\"b\"]"), STR("\xEF\xBF\xBD\xEF\xBF\xBD|b"));
    strings(STR("[\"\xC3\\n\"]"), STR("\xEF\xBF\xBD\n"));
}

static void test_shell_form(void **state)
{
    (void)state;
    static const struct str none[] = {
        STR(""),
        STR("a"),
        STR("["),
        STR("[\"a\""),
        STR("[\"a\",]"),
        STR("[,\"a\"]"),
        STR("[\"a\" \"b\"]"),
        STR("['a']"),
        STR("[\"a\"] # comment"),
        STR("[\"a\"]]"),
        STR("[ -f x ] && y"),
        STR("[\"c:\\x\"]"),
        STR("[\"\\u12\"]"),
        STR("[\"\\u123g\"]"),
        STR("[\"a\nb\"]"), /* a control character */
        STR("[\"a\tb\"]"),
        STR("[\"a\0b\"]"),
        STR("[\"a"),
        STR("[\"a\\"),
        STR("[\"a\\\"]"),
        STR("[\"a\"}"),
        STR("{\"a\":\"b\"}"),
        STR(" [\"a\"]"), /* the caller trims */
        STR("[\"a\"]\v"),
        STR("[01]"),
        STR("[1.]"),
        STR("[.5]"),
        STR("[+1]"),
        STR("[1e]"),
        STR("[nul]"),
        STR("[True]"),
        STR("[{\"a\"}]"),
        STR("[{\"a\":}]"),
        STR("[{\"a\":1,}]"),
        STR("[{a:1}]"),
        STR("[[1]"),
        STR("[[1}]"),
        STR("[\"a\"\xC2\xA0]"),
    };
    all_are(JSON_NOT_ARRAY, none, COUNT(none));
}

static void test_other_elements(void **state)
{
    (void)state;
    static const struct str others[] = {
        STR("[1]"),
        STR("[-0.5e+10, 0, 1E2]"),
        STR("[null]"),
        STR("[\"a\", true, false]"),
        STR("[[]]"),
        STR("[\"a\",[\"b\"]]"),
        STR("[{}]"),
        STR("[{\"a\" : [1, {\"b\":\"c\"}] , \"\":null}]"),
        STR("[[[[[]]]],\"a\"]"),
    };
    all_are(JSON_NOT_STRINGS, others, COUNT(others));
}

/* "[[[…]]]" */
static enum json_array nested(size_t depth)
{
    struct buf b = buf_in(&arena);
    json_strings out = {0};
    for (size_t i = 0; i < depth; i++)
        buf_addc(&b, '[');
    for (size_t i = 0; i < depth; i++)
        buf_addc(&b, ']');
    return json_read_array(&arena, buf_str(&b), &out);
}

static void test_depth(void **state)
{
    (void)state;
    assert_int_equal(nested(5000), JSON_NOT_STRINGS);
    assert_int_equal(nested(10000), JSON_NOT_STRINGS);
    assert_int_equal(nested(10001), JSON_NOT_ARRAY); /* encoding/json: exceeded max depth */
    assert_int_equal(nested(1000000), JSON_NOT_ARRAY);
}

static void test_quote(void **state)
{
    (void)state;
    EQ(json_quote(&arena, STR("a\"b\\c\n\x1F\x7F\xC3\xBC/")),
       "\"a\\\"b\\\\c\\u000a\\u001f\x7F\xC3\xBC/\"");
    EQ(json_quote(&arena, STR("")), "\"\"");
    EQ(json_quote(&arena, STR("\0")), "\"\\u0000\"");
    for (int c = 0; c < 0x80; c++) { /* what is quoted reads as what it was */
        char text[] = {'a', (char)c, 'b'};
        struct str array = str_fmt(&arena, "[%s]", json_quote(&arena, str_make(text, 3)).p);
        strings(array, str_make(text, 3));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_surrogates),
        cmocka_unit_test(test_invalid_utf8_is_replaced),
        cmocka_unit_test(test_shell_form),
        cmocka_unit_test(test_other_elements),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_quote),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
