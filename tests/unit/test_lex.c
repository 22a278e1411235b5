/* Physical lines and what continues them. */
#include "tests/support/unit.h"

#include "base/buf.h"
#include "dockerfile/lex.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void test_lines(void **state)
{
    (void)state;
    struct lex l = {.source = STR("a\r\n\nb\rc\r\r\nlast")};
    struct lex_line line;
    assert_true(lex_next(&l, &line));
    EQ(line.text, "a");
    assert_int_equal(line.from, 0);
    assert_int_equal(line.to, 3);
    assert_true(lex_next(&l, &line));
    EQ(line.text, "");
    assert_true(lex_next(&l, &line));
    EQ(line.text, "b\rc"); /* a CR alone ends no line; all at the end go */
    assert_true(lex_next(&l, &line));
    EQ(line.text, "last");
    assert_int_equal(line.to, 14);
    assert_int_equal(l.line, 4);
    assert_false(lex_next(&l, &line));
    assert_false(l.too_long);
}

/* n bytes and, if `lf`, a line end behind them; then a short line. */
static bool takes(size_t n, bool lf)
{
    struct buf b = buf_in(&arena);
    for (size_t i = 0; i < n; i++)
        buf_addc(&b, 'x');
    if (lf)
        buf_addz(&b, "\nshort\n");
    struct lex l = {.source = buf_str(&b)};
    struct lex_line line;
    bool ok = lex_next(&l, &line);
    assert_int_equal(l.too_long, !ok);
    assert_int_equal(l.line, ok);
    if (ok)
        assert_int_equal(line.text.n, n);
    return ok;
}

static void test_longest_line(void **state)
{
    (void)state;
    assert_true(takes(65535, true)); /* 65536 with its LF */
    assert_false(takes(65536, true));
    assert_true(takes(65535, false));
    assert_false(takes(65536, false));
}

static void test_trim(void **state)
{
    (void)state;
    EQ(lex_trim(STR("\xC2\xA0\t a b \xE3\x80\x80\xC2\x85")), "a b");
    EQ(lex_trim_left(STR(" \xE2\x80\x83x ")), "x ");
    EQ(lex_trim(STR("\xC2\xA0")), "");
    EQ(lex_trim(STR("")), "");
    EQ(lex_trim(STR(" \xA0 ")), "\xA0"); /* a byte that is no UTF-8 is no blank */
    EQ(lex_trim(STR("x\xC2")), "x\xC2");
    EQ(lex_trim(STR("x\x80\x80\x80\x80\x80")), "x\x80\x80\x80\x80\x80");
    EQ(lex_trim(STR("x\xE3\x80\x80\x80")),
       "x\xE3\x80\x80\x80");                             /* U+3000 and a stray byte behind it */
    EQ(lex_trim(STR("\xE2\x80\x8Bx")), "\xE2\x80\x8Bx"); /* zero width space is none in Go */
    EQ(lex_trim(STR("\0 ")), "\0");
}

static void test_comments(void **state)
{
    (void)state;
    assert_true(lex_is_comment(STR("#")));
    assert_true(lex_is_comment(STR(" \t\xC2\xA0# x")));
    assert_false(lex_is_comment(STR("x # y")));
    assert_false(lex_is_comment(STR("")));
}

static void continued(const char *line, char escape, const char *text)
{
    struct str s = str_of(line);
    if (lex_continued(&s, escape) != (text != NULL))
        fail_msg("'%s': %s", line, text ? "ends here" : "goes on");
    EQ_STR(s, str_of(text ? text : line), line);
}

static void test_continuation(void **state)
{
    (void)state;
    continued("RUN x \\", '\\', "RUN x ");
    continued("RUN x \\ \t ", '\\', "RUN x ");
    continued("\\", '\\', "");
    continued("RUN x \\\\", '\\', NULL); /* two: an escaped one */
    continued("RUN x \\\\\\", '\\', NULL);
    continued("RUN x \\\f", '\\', NULL);
    continued("RUN x \\\xC2\xA0", '\\', NULL);
    continued("RUN x \\", '`', NULL);
    continued("RUN x `", '`', "RUN x ");
    continued("COPY x c:\\`", '`', "COPY x c:\\");
    continued("", '\\', NULL);
    continued("  ", '\\', NULL);
}

static void test_raw_offsets(void **state)
{
    (void)state;
    /* "RUN a" from 0, "b" from 10, "cd" from 20 */
    struct lex_logical l = {.text = STR("RUN abcd")};
    static const struct df_piece pieces[] = {{0, 0}, {5, 10}, {6, 20}};
    for (size_t i = 0; i < COUNT(pieces); i++)
        *vec_push(&arena, &l.pieces) = pieces[i];
    assert_int_equal(lex_raw(&l, 0, false), 0);
    assert_int_equal(lex_raw(&l, 4, false), 4);
    assert_int_equal(lex_raw(&l, 5, false), 10); /* the seam: the second line's beginning */
    assert_int_equal(lex_raw(&l, 5, true), 5);   /* or the first line's end */
    assert_int_equal(lex_raw(&l, 6, false), 20);
    assert_int_equal(lex_raw(&l, 6, true), 11);
    assert_int_equal(lex_raw(&l, 8, true), 22);
    assert_int_equal(lex_raw(&l, 8, false), 22);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),        cmocka_unit_test(test_longest_line),
        cmocka_unit_test(test_trim),         cmocka_unit_test(test_comments),
        cmocka_unit_test(test_continuation), cmocka_unit_test(test_raw_offsets),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
