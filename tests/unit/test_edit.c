/*
 * Edits write in the style of the file, leave every other byte alone, and what they wrote reads as
 * what was asked for: after each edit the file is parsed again and compared with the edited list.
 */
#include "tests/support/unit.h"

#include "dockerfile/list.h"

static struct arena arena;
static struct df_list *list;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct df_item *instruction(size_t n)
{
    struct df_item *it = df_first(list);
    while (n-- > 0)
        it = df_next(it);
    assert_non_null(it);
    return it;
}

/* Reads a file and gives its n-th instruction, from 0. */
static struct df_item *open_at(struct str source, size_t n)
{
    struct df_error error;
    if (!df_parse(&arena, source, &list, &error))
        fail_msg("%s", error.message);
    return instruction(n);
}

static void same_node(const struct df_node *x, const struct df_node *y)
{
    assert_int_equal(x->cmd, y->cmd);
    EQ_STR(y->rest, x->rest, "the rest of an edited instruction");
    assert_int_equal(x->flags.n, y->flags.n);
    for (size_t i = 0; i < x->flags.n; i++)
        EQ_STR(y->flags.v[i].text, x->flags.v[i].text, "a flag of an edited instruction");
}

/* The patch is made from where items stood: kept ones cover what they say they do, inserted ones
 * have a place between them and a line for findings. */
static void check_links_and_sources(void)
{
    for (const struct df_item *it = list->first; it; it = it->next) {
        assert_true(it->next ? it->next->prev == it : list->last == it);
        assert_true(it->prev ? it->prev->next == it : list->first == it);
        struct str stood = str_sub(list->source, it->source.from, it->source.to);
        if (it->change == DF_KEPT)
            EQ_STR(it->bytes, stood, "an item that was kept");
        if (it->change == DF_KEPT && it->kind == DF_GAP) {
            size_t lines = 0;
            for (size_t i = 0; i < stood.n; i++)
                lines += stood.p[i] == '\n';
            lines += !str_ends(stood, STR("\n"));
            assert_int_equal(it->end_line + 1 - it->line, lines);
        }
        if (it->change == DF_INSERTED)
            assert_true(it->source.from == it->source.to);
    }
}

/* The file as it now is; its instructions are those of the list. */
static void now_is(struct str want, const char *file, int line)
{
    struct df_list *again;
    struct df_error error;
    struct str have = df_print(list, &arena);
    unit_eq(have, want, NULL, file, line);
    assert_null(list->broken);
    if (!df_parse(&arena, have, &again, &error))
        fail_msg("the edited file does not parse: %s", error.message);
    const struct df_item *x = df_first(list), *y = df_first(again);
    for (; x && y; x = df_next(x), y = df_next(y))
        same_node(&x->node, &y->node);
    assert_true(!x && !y);
    check_links_and_sources();
}
#define IS(want) now_is(STR(want), __FILE__, __LINE__)

#define NO STR("")

/* ---- insertion ------------------------------------------------------------------------------ */

static void test_insert_before(void **state)
{
    (void)state;
    df_insert_before(list, open_at(STR("FROM a\nCMD b\n"), 1), NO, STR("USER 1:1"));
    IS("FROM a\nUSER 1:1\nCMD b\n");
    df_insert_before(list, open_at(STR("FROM a\nCMD b"), 1), NO, STR("USER 1:1"));
    IS("FROM a\nUSER 1:1\nCMD b");
    df_insert_before(list, open_at(STR("FROM a\r\nCMD b\r\n"), 1), STR("app"), STR("USER 1:1"));
    IS("FROM a\r\n# app\r\nUSER 1:1\r\nCMD b\r\n");
    df_insert_before(list, open_at(STR("from a\n  cmd b\n"), 1), STR("App"), STR("USER Abc"));
    IS("from a\n  # App\n  user Abc\n  cmd b\n");
    df_insert_before(list, open_at(STR("FROM a\n\tCMD b\n"), 1), NO, STR("RUN x \\\n    && y"));
    IS("FROM a\n\tRUN x \\\n    && y\n\tCMD b\n");
    df_insert_before(list, open_at(STR("FROM a\r\nCMD b\r\n"), 1), NO, STR("RUN x \\\n    && y"));
    IS("FROM a\r\nRUN x \\\r\n    && y\r\nCMD b\r\n");
}

static void test_insert_before_keeps_comments_attached(void **state)
{
    (void)state;
    df_insert_before(list, open_at(STR("FROM a\n# starts it\n# really\nCMD b\n"), 1), NO,
                     STR("USER 1"));
    IS("FROM a\nUSER 1\n# starts it\n# really\nCMD b\n");
    df_insert_before(list, open_at(STR("FROM a\n# far\n\n# near\nCMD b\n"), 1), STR("c"),
                     STR("USER 1"));
    IS("FROM a\n# far\n\n# c\nUSER 1\n\n# near\nCMD b\n");
    df_insert_before(list, open_at(STR("FROM a\n# far\n\nCMD b\n"), 1), NO, STR("USER 1"));
    IS("FROM a\n# far\n\nUSER 1\n\nCMD b\n");
    df_insert_before(list, open_at(STR("FROM a\n\n\nCMD b\n"), 1), NO, STR("USER 1"));
    IS("FROM a\n\n\nUSER 1\n\nCMD b\n");
    df_insert_before(list, open_at(STR("FROM a\r\n\r\n# x\r\nCMD b\r\n"), 1), NO, STR("USER 1"));
    IS("FROM a\r\n\r\nUSER 1\r\n\r\n# x\r\nCMD b\r\n");
}

static void test_insert_before_the_first(void **state)
{
    (void)state;
    df_insert_before(list, open_at(STR("# syntax=x\n# escape=`\nFROM a\n"), 0), NO, STR("ARG A=1"));
    IS("# syntax=x\n# escape=`\nARG A=1\nFROM a\n");
    df_insert_before(list, open_at(STR("# syntax=x\n# a comment\nFROM a\n"), 0), NO,
                     STR("ARG A=1"));
    IS("# syntax=x\nARG A=1\n# a comment\nFROM a\n");
    df_insert_before(list,
                     open_at(STR("\xEF\xBB\xBF"
                                 "FROM a\n"),
                             0),
                     NO, STR("ARG A=1"));
    assert_int_equal(list->instructions, 1); /* counts the input's */
    df_insert_before(list, open_at(STR("FROM a\n"), 0), STR("why"), STR("ARG A=1"));
    IS("# why\nARG A=1\nFROM a\n");
}

static void test_insert_at_the_end(void **state)
{
    (void)state;
    open_at(STR("FROM a\n"), 0);
    df_insert_before(list, NULL, NO, STR("USER 1"));
    IS("FROM a\nUSER 1\n");
    open_at(STR("FROM a"), 0);
    df_insert_before(list, NULL, STR("c"), STR("USER 1"));
    df_insert_before(list, NULL, NO, STR("CMD x"));
    IS("FROM a\n# c\nUSER 1\nCMD x");
    open_at(STR("FROM a\r\nRUN b\r\nRUN c"), 0);
    df_insert_before(list, NULL, NO, STR("USER 1"));
    IS("FROM a\r\nRUN b\r\nRUN c\r\nUSER 1");
    open_at(STR("FROM a\n# end"), 0);
    df_insert_before(list, NULL, NO, STR("USER 1"));
    IS("FROM a\n# end\nUSER 1");
}

static void test_insert_after(void **state)
{
    (void)state;
    df_insert_after(list, open_at(STR("FROM a\nRUN b\nCMD c\n"), 1), NO, STR("USER 1"));
    IS("FROM a\nRUN b\nUSER 1\nCMD c\n");
    df_insert_after(list, open_at(STR("FROM a\nRUN b"), 1), STR("c"), STR("USER 1"));
    IS("FROM a\nRUN b\n# c\nUSER 1");
    df_insert_after(list, open_at(STR("FROM a\n\n  RUN b\n\nCMD c\n"), 1), STR("c"), STR("USER 1"));
    IS("FROM a\n\n  RUN b\n\n  # c\n  USER 1\n\nCMD c\n");
    df_insert_after(list, open_at(STR("FROM a\nRUN <<E\n x\nE\nCMD c\n"), 1), NO, STR("USER 1"));
    IS("FROM a\nRUN <<E\n x\nE\nUSER 1\nCMD c\n");
    df_insert_after(list, open_at(STR("FROM a\nRUN b \\\n # x\n c\n# d\nCMD c\n"), 1), NO,
                    STR("USER 1"));
    IS("FROM a\nRUN b \\\n # x\n c\nUSER 1\n# d\nCMD c\n");
    df_insert_after(list, open_at(STR("FROM a\nRUN <<E\nE"), 1), NO, STR("USER 1"));
    IS("FROM a\nRUN <<E\nE\nUSER 1");
}

static void test_several_insertions_keep_their_order(void **state)
{
    (void)state;
    struct df_item *cmd = open_at(STR("FROM a\n\n# c\nCMD b\n"), 1);
    df_insert_before(list, cmd, NO, STR("RUN x"));
    df_insert_before(list, cmd, STR("app"), STR("USER 1"));
    IS("FROM a\n\nRUN x\n\n# app\nUSER 1\n\n# c\nCMD b\n");
    struct df_item *from = open_at(STR("FROM a\nCMD b\n"), 0);
    struct df_item *run = df_insert_after(list, from, NO, STR("RUN x"));
    df_insert_after(list, run, NO, STR("USER 1"));
    IS("FROM a\nRUN x\nUSER 1\nCMD b\n");
    assert_int_equal(run->change, DF_INSERTED);
    assert_int_equal(from->change, DF_KEPT);
    struct df_item *user = df_insert_before(
        list, open_at(STR("FROM a\nRUN b \\\n c\n\n# d\nCMD e\n"), 2), NO, STR("USER 1"));
    assert_int_equal(user->ordinal, 1); /* of the one before */
    assert_int_equal(user->line, 3);
    assert_int_equal(user->end_line, 3);
}

static void test_keyword_case_of_the_majority(void **state)
{
    (void)state;
    df_insert_before(list, open_at(STR("from a\nrun b\nCMD c\n"), 2), NO, STR("USER 1"));
    IS("from a\nrun b\nuser 1\nCMD c\n");
    df_insert_before(list, open_at(STR("from a\nRUN b\n"), 1), NO, STR("USER 1"));
    IS("from a\nUSER 1\nRUN b\n");
    df_insert_before(list, open_at(STR("From a\nRun b\n"), 1), NO, STR("USER 1"));
    IS("From a\nUSER 1\nRun b\n");
    df_insert_before(list, open_at(STR("from a\nRUN b\nCmd c\n"), 2), NO, STR("USER 1"));
    IS("from a\nRUN b\nUSER 1\nCmd c\n"); /* mixed ones have no vote */
    struct df_item *cmd = open_at(STR("from a\nCMD x\nz y\n"), 1);
    df_insert_before(list, cmd, NO, STR("USER 1"));
    df_insert_before(list, cmd, NO, STR("USER 2")); /* nor has what was inserted */
    EQ(df_print(list, &arena), "from a\nuser 1\nuser 2\nCMD x\nz y\n");
}

/* ---- comments, removal, moving -------------------------------------------------------------- */

static void test_comment_before(void **state)
{
    (void)state;
    df_comment_before(list, open_at(STR("FROM a\n# old\n  CMD b\n"), 1), STR("new"));
    IS("FROM a\n# old\n  # new\n  CMD b\n");
    df_comment_before(list, open_at(STR("FROM a\r\nCMD b"), 1), STR("new"));
    IS("FROM a\r\n# new\r\nCMD b");
}

static void test_remove(void **state)
{
    (void)state;
    df_remove(list, open_at(STR("FROM a\n# c\nRUN b \\\n x\nCMD d\n"), 1));
    IS("FROM a\n# c\nCMD d\n");
    df_remove(list, open_at(STR("FROM a\nRUN <<E\nx\nE\n"), 1));
    IS("FROM a\n");
    df_remove(list, open_at(STR("ARG A\nFROM a\n"), 0));
    IS("FROM a\n");
}

static void test_move(void **state)
{
    (void)state;
    open_at(STR("FROM a\n# u\nUSER 1\nRUN b\n# c\nCMD d\n"), 0);
    df_move_before(list, instruction(1), instruction(3));
    IS("FROM a\nRUN b\n# u\nUSER 1\n# c\nCMD d\n");
    open_at(STR("FROM a\nRUN b\nUSER 1"), 0);
    df_move_before(list, instruction(2), instruction(1));
    IS("FROM a\nUSER 1\nRUN b\n");
    open_at(STR("FROM a\nUSER 1\nRUN b\n"), 0);
    df_move_before(list, instruction(1), NULL);
    IS("FROM a\nRUN b\nUSER 1\n");
    open_at(STR("FROM a\nUSER 1\nRUN b\n"), 0);
    df_move_before(list, instruction(1), instruction(1)); /* to where it is */
    IS("FROM a\nUSER 1\nRUN b\n");
}

static void test_move_behind_a_last_line(void **state)
{
    (void)state;
    open_at(STR("FROM a\nUSER 1\nRUN b"), 0);
    df_move_before(list, instruction(1), NULL);
    IS("FROM a\nRUN b\nUSER 1\n");
}

/* ---- flags ---------------------------------------------------------------------------------- */

static void test_flag_set(void **state)
{
    (void)state;
    df_flag_set(list, open_at(STR("FROM a\nCOPY x y\n"), 1), "chown", STR("1:1"));
    IS("FROM a\nCOPY --chown=1:1 x y\n");
    df_flag_set(list, open_at(STR("FROM a\n\tcopy\tx y\r\n"), 1), "chown", STR("1:1"));
    IS("FROM a\n\tcopy --chown=1:1\tx y\r\n");
    df_flag_set(list, open_at(STR("FROM a\nCOPY --from=b --link x y\n"), 1), "chown", STR("1:1"));
    IS("FROM a\nCOPY --from=b --link --chown=1:1 x y\n");
    df_flag_set(list, open_at(STR("FROM a\nCOPY --chown=app --link x y\n"), 1), "chown",
                STR("1:1"));
    IS("FROM a\nCOPY --chown=1:1 --link x y\n");
    df_flag_set(list, open_at(STR("FROM a\nCOPY --chown=\"a b\" x y\n"), 1), "chown", STR("1:1"));
    IS("FROM a\nCOPY --chown=1:1 x y\n");
    df_flag_set(list, open_at(STR("FROM a\nCOPY --chowner=x x y\n"), 1), "chown", STR("1:1"));
    IS("FROM a\nCOPY --chowner=x --chown=1:1 x y\n");
    df_flag_set(list, open_at(STR("FROM a\nCOPY [\"x y\", \"z\"]"), 1), "chown", STR("1:1"));
    IS("FROM a\nCOPY --chown=1:1 [\"x y\", \"z\"]");
    df_flag_set(list, open_at(STR("FROM a\nCOPY <<E /x\n--chown\nE\n"), 1), "chown", STR("1:1"));
    IS("FROM a\nCOPY --chown=1:1 <<E /x\n--chown\nE\n");
}

static void test_flag_set_over_several_lines(void **state)
{
    (void)state;
    struct str source = STR("FROM a\nCOPY --from=b \\\n  # c\n  --link \\\n  x y\n");
    df_flag_set(list, open_at(source, 1), "chown", STR("1:1"));
    IS("FROM a\nCOPY --from=b \\\n  # c\n  --link --chown=1:1 \\\n  x y\n");
    df_flag_set(list, open_at(source, 1), "from", STR("c"));
    IS("FROM a\nCOPY --from=c \\\n  # c\n  --link \\\n  x y\n");
    df_flag_set(list, open_at(STR("FROM a\nCOPY \\\n  x y\n"), 1), "chown", STR("1:1"));
    IS("FROM a\nCOPY --chown=1:1 \\\n  x y\n");
    df_flag_set(list, open_at(STR("FROM a\nCO\\\nPY x y\n"), 1), "chown", STR("1:1"));
    IS("FROM a\nCO\\\nPY --chown=1:1 x y\n");
    df_flag_set(list, open_at(STR("# escape=`\nFROM a\nCOPY --ch`\nown=x `\n x y\n"), 1), "chown",
                STR("1:1"));
    IS("# escape=`\nFROM a\nCOPY --chown=1:1 `\n x y\n");
    struct df_item *it = open_at(STR("FROM a\nCOPY x y\n"), 1);
    df_flag_set(list, it, "chown", STR("1:1"));
    df_flag_set(list, it, "chown", STR("2:2"));
    df_flag_set(list, it, "chmod", STR("644"));
    IS("FROM a\nCOPY --chown=2:2 --chmod=644 x y\n");
    assert_int_equal(it->change, DF_EDITED);
}

static void test_flag_remove(void **state)
{
    (void)state;
    df_flag_remove(list, open_at(STR("FROM a\nCOPY --chown=a --link x y\n"), 1), "chown");
    IS("FROM a\nCOPY --link x y\n");
    df_flag_remove(list, open_at(STR("FROM a\nCOPY --link  --chown=a x y\n"), 1), "chown");
    IS("FROM a\nCOPY --link x y\n");
    struct df_item *it = open_at(STR("FROM a\nCOPY --link x y\n"), 1);
    df_flag_remove(list, it, "chown");
    IS("FROM a\nCOPY --link x y\n");
    assert_int_equal(it->change, DF_KEPT);
    df_flag_remove(list, open_at(STR("FROM a\nCOPY --link \\\n  --chown=a \\\n  x y\n"), 1),
                   "chown");
    assert_int_equal(instruction(1)->node.flags.n, 1);
    EQ(instruction(1)->node.rest, "x y");
}

/* ---- arguments ------------------------------------------------------------------------------ */

static void test_args_set(void **state)
{
    (void)state;
    df_args_set(list, open_at(STR("FROM a\n  USER   app  \r\n"), 1), STR("1:1"));
    IS("FROM a\n  USER   1:1  \r\n");
    df_args_set(list, open_at(STR("FROM a\nUSER a\\\n  pp\nCMD x\n"), 1), STR("1:1"));
    IS("FROM a\nUSER 1:1\nCMD x\n");
    df_args_set(list, open_at(STR("FROM a\nUSER \\\n # c\n  app"), 1), STR("1:1"));
    IS("FROM a\nUSER \\\n # c\n  1:1");
    df_args_set(list, open_at(STR("FROM a\nUSER\n"), 1), STR("1:1"));
    IS("FROM a\nUSER 1:1\n");
    df_args_set(list, open_at(STR("FROM a\nCOPY --link x y\n"), 1), STR("[\"z\", \"y\"]"));
    IS("FROM a\nCOPY --link [\"z\", \"y\"]\n");
    assert_true(instruction(1)->node.json);
}

static void test_splice(void **state)
{
    (void)state;
    struct df_item *run = open_at(STR("FROM a\nRUN useradd app && \\\n  # c\n  useradd two\n"), 1);
    size_t at = df_rest_raw(run, 7);
    df_splice(list, run, span_make(at, at), STR(" --uid 5"));
    IS("FROM a\nRUN useradd --uid 5 app && \\\n  # c\n  useradd two\n");
    ptrdiff_t second = str_find(run->node.rest, STR("useradd two"));
    at = df_rest_raw(run, (size_t)second + 7);
    df_splice(list, run, span_make(at, at), STR(" --uid 6"));
    IS("FROM a\nRUN useradd --uid 5 app && \\\n  # c\n  useradd --uid 6 two\n");
}

static void test_broken_edits_are_noticed(void **state)
{
    (void)state;
    df_args_set(list, open_at(STR("FROM a\nRUN b\n"), 1), STR("c\nRUN d"));
    assert_non_null(list->broken);
    df_args_set(list, open_at(STR("FROM a\nRUN b\n"), 1), STR("<<EOF"));
    assert_non_null(list->broken);
    df_insert_after(list, open_at(STR("FROM a\nRUN b\n"), 1), NO, STR("RUN [1]"));
    assert_non_null(list->broken);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_insert_before),
        cmocka_unit_test(test_insert_before_keeps_comments_attached),
        cmocka_unit_test(test_insert_before_the_first),
        cmocka_unit_test(test_insert_at_the_end),
        cmocka_unit_test(test_insert_after),
        cmocka_unit_test(test_several_insertions_keep_their_order),
        cmocka_unit_test(test_keyword_case_of_the_majority),
        cmocka_unit_test(test_comment_before),
        cmocka_unit_test(test_remove),
        cmocka_unit_test(test_move),
        cmocka_unit_test(test_move_behind_a_last_line),
        cmocka_unit_test(test_flag_set),
        cmocka_unit_test(test_flag_set_over_several_lines),
        cmocka_unit_test(test_flag_remove),
        cmocka_unit_test(test_args_set),
        cmocka_unit_test(test_splice),
        cmocka_unit_test(test_broken_edits_are_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
