/* Where lines begin and which place a byte has. */
#include "tests/support/unit.h"

#include "text/lines.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void at(const struct lines *l, size_t offset, size_t line, size_t column)
{
    struct lines_place p = lines_find(l, offset);
    if (p.line != line || p.column != column)
        fail_msg("%zu is at %zu:%zu, not %zu:%zu", offset, p.line, p.column, line, column);
}

static void test_places(void **state)
{
    (void)state;
    struct lines l = lines_of(&arena, STR("a\n\nb\xC3\xA9z\r\nend"));
    assert_int_equal(l.n, 4);
    at(&l, 0, 1, 1);
    at(&l, 1, 1, 2);
    at(&l, 2, 2, 1);
    at(&l, 3, 3, 1);
    at(&l, 6, 3, 3); /* behind two bytes of one character */
    at(&l, 9, 4, 1);
    at(&l, 12, 4, 4);
}

static void test_ends(void **state)
{
    (void)state;
    struct lines none = lines_of(&arena, STR(""));
    at(&none, 0, 1, 1);
    struct lines l = lines_of(&arena, STR("a\n"));
    at(&l, 2, 2, 1);
}

static void test_byte_order_mark(void **state)
{
    (void)state;
    struct lines l = lines_of(&arena, STR("\xEF\xBB\xBF"
                                          "FROM\n\xEF\xBB\xBFx"));
    at(&l, 0, 1, 1);
    at(&l, 3, 1, 1);
    at(&l, 4, 1, 2);
    at(&l, 11, 2, 2); /* elsewhere it is a character */
}

static void test_texts(void **state)
{
    (void)state;
    struct lines l = lines_of(&arena, STR("one\ntwo\nthree"));
    EQ(lines_text(&l, 1, 1), "one\n");
    EQ(lines_text(&l, 2, 3), "two\nthree");
    EQ(lines_text(&l, 0, 1), "one\n");
    EQ(lines_text(&l, 3, 99), "three");
    EQ(lines_text(&l, 4, 4), "");
    EQ(lines_text(&l, 3, 2), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_byte_order_mark),
        cmocka_unit_test(test_texts),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
