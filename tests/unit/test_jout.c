/* JSON as it goes: commas, escapes, and that another reader gets the same text back. */
#include "tests/support/unit.h"

#include <jansson.h>

#include "text/jout.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct str text_of(struct str s)
{
    struct buf b = buf_in(&arena);
    struct jout j = jout_to(&b);
    jout_text(&j, NULL, s);
    return buf_str(&b);
}

static void test_nesting(void **state)
{
    (void)state;
    struct buf b = buf_in(&arena);
    struct jout j = jout_to(&b);
    jout_open(&j, NULL, '{');
    jout_open(&j, "empty", '[');
    jout_close(&j, ']');
    jout_open(&j, "list", '[');
    jout_number(&j, NULL, 0);
    jout_open(&j, NULL, '{');
    jout_close(&j, '}');
    jout_bool(&j, NULL, true);
    jout_close(&j, ']');
    jout_bool(&j, "no", false);
    jout_textz(&j, "null", NULL);
    jout_close(&j, '}');
    EQ(buf_str(&b), "{\"empty\":[],\"list\":[0,{},true],\"no\":false,\"null\":\"\"}");
}

static void test_escapes(void **state)
{
    (void)state;
    EQ(text_of(STR("")), "\"\"");
    EQ(text_of(STR("a\"b\\c")), "\"a\\\"b\\\\c\"");
    EQ(text_of(STR("\b\t\n\v\f\r\x01\x1f\x7f")), "\"\\b\\t\\n\\u000b\\f\\r\\u0001\\u001f\\u007f\"");
    EQ(text_of(STR("a\0b")), "\"a\\u0000b\"");
    EQ(text_of(STR("</script><!--")), "\"\\u003c/script>\\u003c!--\"");
    EQ(text_of(STR("\xC3\xA9\xF0\x9F\x98\x80")), "\"\xC3\xA9\xF0\x9F\x98\x80\"");
    EQ(text_of(STR("\xFF\xC3")), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
    EQ(text_of(STR("\xEF\xBF\xBD")), "\"\xEF\xBF\xBD\"");
}

static void test_every_character_comes_back(void **state)
{
    (void)state;
    for (unsigned c = 0; c < 0x80; c++) {
        char text[3] = {'x', (char)c, 'y'};
        struct str json = text_of(str_make(text, 3));
        json_error_t error;
        json_t *v = json_loadb(json.p, json.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
        if (!v)
            fail_msg("%u: %s", c, error.text);
        EQ_STR(str_make(json_string_value(v), json_string_length(v)), str_make(text, 3), "back");
        json_decref(v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nesting),
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_every_character_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
