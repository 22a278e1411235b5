/*
 * From bytes to instructions, as BuildKit reads them. A source is rendered to one line an
 * instruction:
 *
 *     FIRST-LAST KEYWORD --flag (argument|argument) json <<NAME,fd,expand,chomp:content>> marks
 */
#include "tests/support/unit.h"

#include "base/buf.h"
#include "dockerfile/list.h"
#include "dockerfile/parse.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void render_node(struct buf *b, const struct df_node *node)
{
    buf_add(b, node->keyword);
    VEC_EACH (f, &node->flags)
        buf_addf(b, " %.*s", STR_ARG(f->text));
    buf_addz(b, " (");
    VEC_EACH (arg, &node->args) {
        if (arg != node->args.v)
            buf_addc(b, '|');
        buf_add(b, *arg);
    }
    buf_addz(b, node->json ? ") json" : ")");
    VEC_EACH (d, &node->heredocs)
        buf_addf(b, " <<%.*s,%u%s%s:%.*s>>", STR_ARG(d->name), d->fd, d->expand ? ",expand" : "",
                 d->chomp ? ",chomp" : "", STR_ARG(d->content));
    if (node->sub) {
        buf_addz(b, " -> ");
        render_node(b, node->sub);
    }
}

static struct str render(const struct df_list *list)
{
    struct buf b = buf_in(&arena);
    for (const struct df_item *it = df_first(list); it; it = df_next(it)) {
        buf_addf(&b, "%s%u-%u ", b.n ? "\n" : "", it->line, it->end_line);
        render_node(&b, &it->node);
        if (it->open)
            buf_addz(&b, " open");
        if (it->empty_continuation)
            buf_addz(&b, " empty");
    }
    return buf_str(&b);
}

/* Every byte and every line belongs to one item. */
static void check_items(const struct df_list *list)
{
    size_t at = 0;
    unsigned line = 1;
    LIST_EACH (it, list) {
        EQ_STR(it->bytes, str_sub(list->source, it->source.from, it->source.to),
               "bytes of an item");
        assert_int_equal(it->source.from, at);
        assert_true(it->source.to > at);
        assert_int_equal(it->line, line);
        at = it->source.to;
        line = it->end_line + 1;
    }
    assert_int_equal(at, list->source.n);
}

static struct df_list *parse(struct str source)
{
    struct df_list *list;
    struct df_error error;
    if (!df_parse(&arena, source, &list, &error)) {
        unit_show("does not parse", source);
        fail_msg("%u: %s", error.line, error.message);
    }
    EQ_STR(df_print(list, &arena), source, "print(parse(x)) is not x");
    EQ_STR(list->source, source, "the list's source");
    check_items(list);
    return list;
}

static void reads_as(struct str source, const char *want)
{
    EQ_STR(render(parse(source)), str_of(want), str_z(&arena, source));
}

/* The same behind a FROM, whose line is left out. */
static void line_reads_as(const char *line, const char *want)
{
    struct str text = render(parse(str_fmt(&arena, "FROM a\n%s", line)));
    ptrdiff_t lf = str_chr(text, '\n');
    EQ_STR(str_from(text, (size_t)(lf + 1)), str_of(want), line);
}

static void refused(struct str source, unsigned line, const char *message)
{
    struct df_list *list;
    struct df_error error = {0};
    if (df_parse(&arena, source, &list, &error)) {
        unit_show("parses", source);
        fail();
    }
    EQ_STR(str_of(error.message), str_of(message), str_z(&arena, source));
    assert_int_equal(error.line, line);
    assert_true(error.column > 0);
}

/* ---- the file ------------------------------------------------------------------------------- */

static void test_directives(void **state)
{
    (void)state;
    struct df_list *list = parse(STR("# syntax=docker/dockerfile:1\n#EsCaPe =  ` \r\n# "
                                     "check=skip=all\nFROM a\nRUN x `\n y\\\n"));
    assert_int_equal(list->escape, '`');
    assert_int_equal(list->directives.n, 3);
    EQ(list->directives.v[0].value, "docker/dockerfile:1");
    EQ(list->directives.v[1].name, "escape");
    assert_int_equal(list->directives.v[2].line, 3);
    EQ(render(list), "4-4 FROM (a)\n5-6 RUN (x  y\\)");
    /* the block ends at the first line that is none */
    static const struct str over[] = {
        STR("\n# escape=`\nFROM a\n"),
        STR("# a comment\n# escape=`\nFROM a\n"),
        STR("# nonsense=1\n# escape=`\nFROM a\n"),
        STR("#!/bin/x\n# escape=`\nFROM a\n"),
        STR("FROM a\n# escape=`\nRUN b\n"),
        STR("# escape=\n# escape=`\nFROM a\n"),
        STR("# 1escape=`\nFROM a\n"),
        STR("# esc ape=`\nFROM a\n"),
        STR("# =`\nFROM a\n"),
        STR("# escape\nFROM a\n"),
        STR("#\n# escape=`\nFROM a\n"),
        STR("# escape2=`\nFROM a\n"),
        STR("# xescapez=`\nFROM a\n"),
        STR("ARG x \\\n# escape=`\n\nFROM a\n"),
    };
    for (size_t i = 0; i < COUNT(over); i++) {
        list = parse(over[i]);
        if (list->escape != '\\' || list->directives.n)
            fail_msg("row %zu is taken for a directive", i);
    }
    assert_int_equal(parse(STR("   # escape=`\nFROM a\n"))->escape, '`');
    assert_int_equal(parse(STR("\xEF\xBB\xBF# escape=`\nFROM a\n"))->escape, '`');
    refused(STR("# escape=`\n# escape=`\nFROM a\n"), 2,
            "only one escape parser directive can be used");
    refused(STR("# check=x\n# escape=`\n# CHECK=y\nFROM a\n"), 3,
            "only one check parser directive can be used");
    refused(STR("# escape=x\nFROM a\n"), 1, "invalid escape token 'x' does not match ` or \\");
    refused(STR("# escape=``\nFROM a\n"), 1, "invalid escape token '``' does not match ` or \\");
    reads_as(STR("# escape=`\n# x\n# escape=`\nFROM a\n"), "4-4 FROM (a)"); /* a comment by then */
}

static void test_files_without_instructions(void **state)
{
    (void)state;
    refused(STR(""), 1, "file with no instructions");
    refused(STR("\n"), 1, "file with no instructions");
    refused(STR("# a\n\n# b"), 3, "file with no instructions");
    refused(STR("\xEF\xBB\xBF"), 1, "file with no instructions");
}

static void test_lines_and_line_ends(void **state)
{
    (void)state;
    reads_as(STR("FROM a"), "1-1 FROM (a)");
    reads_as(STR("\xEF\xBB\xBF"
                 "FROM a\r\nRUN b\r\n"),
             "1-1 FROM (a)\n2-2 RUN (b)");
    reads_as(STR("\n\n  FROM a\n\t\xC2\xA0RUN b\n\n"), "3-3 FROM (a)\n4-4 RUN (b)");
    reads_as(STR("FROM a\r\r\n\r\nRUN b\r"), "1-1 FROM (a)\n3-3 RUN (b)");
    reads_as(STR("FROM a\rRUN b\n"), "1-1 FROM (a|RUN|b)"); /* a CR alone separates words */
    assert_true(str_is(parse(STR("FROM a\r\nRUN b\nRUN c\r\n"))->eol, "\r\n"));
    assert_true(str_is(parse(STR("FROM a\r\nRUN b\n"))->eol, "\n"));
    assert_true(str_is(parse(STR("FROM a"))->eol, "\n"));
}

static void test_continuation(void **state)
{
    (void)state;
    line_reads_as("RUN a \\\n  b", "2-3 RUN (a   b)");
    line_reads_as("RUN a\\\nb", "2-3 RUN (ab)");
    line_reads_as("RUN a \\\n# c \\\n   # d\n b", "2-5 RUN (a  b)");
    line_reads_as("RUN a \\\n\n \t\n b\nRUN c", "2-5 RUN (a  b) empty\n6-6 RUN (c)");
    line_reads_as("RUN a \\\n\nRUN b", "2-4 RUN (a RUN b) empty"); /* swallows the next one */
    line_reads_as("RUN a \\", "2-2 RUN (a) open");
    line_reads_as("RUN a \\\n# c\n\n", "2-4 RUN (a) open empty");
    line_reads_as("RUN a \\\r\n b\r\n", "2-3 RUN (a  b)");
    line_reads_as("RUN a \\ \t\n b", "2-3 RUN (a  b)");
    line_reads_as("RUN a \\\\\nRUN b", "2-2 RUN (a \\\\)\n3-3 RUN (b)");
    line_reads_as("\\\nRUN a", "2-3 RUN (a)");
    line_reads_as("RU\\\nN a", "2-3 RUN (a)");
    line_reads_as("# c \\\nRUN a", "3-3 RUN (a)");
    line_reads_as("RUN a # no comment", "2-2 RUN (a # no comment)");
}

static void test_comments_above(void **state)
{
    (void)state;
    struct df_list *list =
        parse(STR("# one\n# two\n\nFROM a\n#\n# three\nRUN b\n# four\n#\nRUN c\n"));
    struct df_item *from = df_first(list), *b = df_next(from), *c = df_next(b);
    assert_int_equal(from->comments.n, 2); /* blank lines do not clear them */
    EQ(from->comments.v[1], "two");
    assert_int_equal(b->comments.n, 1);
    EQ(b->comments.v[0], "three");
    assert_int_equal(c->comments.n, 0); /* an empty comment does */
}

/* ---- words ---------------------------------------------------------------------------------- */

static void test_flags(void **state)
{
    (void)state;
    line_reads_as("COPY --chown=1:2 --link a b", "2-2 COPY --chown=1:2 --link (a|b)");
    line_reads_as("COPY --chown=\"a b\" 'x' y", "2-2 COPY --chown=a b ('x'|y)");
    line_reads_as("COPY --a='x\"y' b", "2-2 COPY --a=x\"y (b)");
    line_reads_as("COPY --a=x\\ y b", "2-2 COPY --a=x y (b)");
    line_reads_as("COPY -- --chown=x b", "2-2 COPY (--chown=x|b)");
    line_reads_as("COPY --a a --chown=b", "2-2 COPY --a (a|--chown=b)");
    line_reads_as("COPY -a b", "2-2 COPY (-a|b)");
    line_reads_as("RUN --mount=type=cache \\\n   --network=none \\\n x",
                  "2-4 RUN --mount=type=cache --network=none (x)");
    line_reads_as("CMD --help", "2-2 CMD --help ()");
    line_reads_as("COPY --chown=\xC3\xA9 a b",
                  "2-2 COPY --chown=\xC3\x83\xC2\xA9 (a|b)");              /* bytes as Latin-1 */
    line_reads_as("COPY --x=\xC3\xA0 a b", "2-2 COPY --x=\xC3\x83 (a|b)"); /* 0xA0 is a blank */
    line_reads_as("RUN --", "2-2 RUN ()");
    line_reads_as("COPY --a=\\", "2-2 COPY --a= () open");
}

static void test_words(void **state)
{
    (void)state;
    line_reads_as("from  a\t as\vb", "2-2 from (a|as|b)");
    line_reads_as("EXPOSE 80 \"81\" # x", "2-2 EXPOSE (80|\"81\"|#|x)");
    line_reads_as("COPY \"a b\" /c", "2-2 COPY (\"a|b\"|/c)");
    line_reads_as("USER a b", "2-2 USER (a b)");
    line_reads_as("USER", "2-2 USER ()");
    line_reads_as("WORKDIR   /a b  ", "2-2 WORKDIR (/a b)");
    line_reads_as("NOSUCH a b", "2-2 NOSUCH ()");
    line_reads_as("RUN\xC2\xA0x", "2-2 RUN\xC2\xA0x ()"); /* no separator there */
    line_reads_as("USER \xC2\xA0"
                  "app\xC2\xA0",
                  "2-2 USER (app)");
}

static void test_key_values(void **state)
{
    (void)state;
    line_reads_as("ENV a=b c=\"d e\" f='g\\h' i=j\\ k",
                  "2-2 ENV (a|b|=|c|\"d e\"|=|f|'g\\h'|=|i|j\\ k|=)");
    line_reads_as("ENV a  b = c ", "2-2 ENV (a|b = c|)");
    line_reads_as("LABEL a=", "2-2 LABEL (a||=)");
    line_reads_as("LABEL \"a b\"=c", "2-2 LABEL (\"a b\"|c|=)");
    line_reads_as("ENV a=b=c", "2-2 ENV (a|b=c|=)");
    line_reads_as("ENV", "2-2 ENV ()");
    line_reads_as("ENV a=\xFFx", "2-2 ENV (a|\xEF\xBF\xBDx|=)");
    line_reads_as("ARG a b=c \"d e\"", "2-2 ARG (a|b=c|\"d e\")");
    line_reads_as("ARG a=b\xC2\xA0"
                  "c",
                  "2-2 ARG (a=b|c)");
    refused(STR("FROM a\nENV a=b c\n"), 2,
            "Syntax error - can't find = in \"c\". Must be of the form: name=value");
    refused(STR("FROM a\n\nENV a\n"), 3, "ENV must have two arguments");
    refused(STR("FROM a\nLABEL x"), 2, "LABEL must have two arguments");
}

static void test_exec_form(void **state)
{
    (void)state;
    line_reads_as("CMD [\"a\", \"b c\"]", "2-2 CMD (a|b c) json");
    line_reads_as("CMD [\"a\", \\\n \"b\"]", "2-3 CMD (a|b) json");
    line_reads_as("CMD []", "2-2 CMD () json");
    line_reads_as("CMD", "2-2 CMD ()");
    line_reads_as("CMD ['a']", "2-2 CMD (['a'])");
    line_reads_as("CMD [\"a\"] # c", "2-2 CMD ([\"a\"] # c)");
    line_reads_as("COPY [\"a b\", \"/c\"]", "2-2 COPY (a b|/c) json");
    line_reads_as("VOLUME [\"/a\", \"/b\"]", "2-2 VOLUME (/a|/b) json");
    line_reads_as("VOLUME [/a]", "2-2 VOLUME ([/a])");
    line_reads_as("HEALTHCHECK --interval=5s CMD [\"a\"]",
                  "2-2 HEALTHCHECK --interval=5s (CMD|a) json");
    line_reads_as("HEALTHCHECK cmd  a b", "2-2 HEALTHCHECK (cmd|a b)");
    line_reads_as("HEALTHCHECK NONE", "2-2 HEALTHCHECK (NONE)");
    refused(STR("FROM a\nRUN [\"a\", 1]\n"), 2,
            "when using JSON array syntax, arrays must be comprised of strings only");
    refused(STR("FROM a\nRUN b\nCOPY [null]\n"), 3,
            "when using JSON array syntax, arrays must be comprised of strings only");
}

static void test_onbuild(void **state)
{
    (void)state;
    line_reads_as("ONBUILD RUN --x a", "2-2 ONBUILD () -> RUN --x (a)");
    line_reads_as("ONBUILD COPY <<E /x\nb\nE\nRUN c",
                  "2-4 ONBUILD () <<E,0,expand:b\n>> -> COPY (<<E|/x)\n5-5 RUN (c)");
    line_reads_as("ONBUILD", "2-2 ONBUILD ()");
    struct buf b = buf_in(&arena);
    buf_addz(&b, "FROM a\n");
    for (int i = 0; i < 8000; i++)
        buf_addz(&b, "ONBUILD ");
    buf_addz(&b, "RUN x\n");
    refused(buf_str(&b), 2, "ONBUILD is nested too deeply");
}

/* ---- heredocs ------------------------------------------------------------------------------- */

static void test_heredocs(void **state)
{
    (void)state;
    line_reads_as("RUN <<EOF\na\n# b\\\n\nEOF\nRUN c",
                  "2-6 RUN (<<EOF) <<EOF,0,expand:a\n# b\\\n\n>>\n7-7 RUN (c)");
    line_reads_as("RUN <<-'E'\n\tE x\n\t\tE\nRUN c",
                  "2-4 RUN (<<-'E') <<E,0,chomp:\tE x\n>>\n5-5 RUN (c)");
    line_reads_as("RUN <<E\r\na\r\nE\r\n", "2-4 RUN (<<E) <<E,0,expand:a\r\n>>");
    line_reads_as("COPY <<A 3<<\"B\" /d/\n1\nA\n2\nB",
                  "2-6 COPY (<<A|3<<\"B\"|/d/) <<A,0,expand:1\n>> <<B,3:2\n>>");
    line_reads_as("RUN <<E cat\nE", "2-3 RUN (<<E cat) <<E,0,expand:>>");
    line_reads_as("RUN <<\"E F\"\nx\nE F", "2-4 RUN (<<\"E F\") <<E F,0:x\n>>");
    line_reads_as("RUN << E\nx\nE", "2-4 RUN (<< E) <<E,0,expand:x\n>>");
    line_reads_as("RUN <<\\E\nE", "2-3 RUN (<<\\E) <<E,0,expand:>>");
    line_reads_as("RUN a \\\n <<E\nx\nE", "2-5 RUN (a  <<E) <<E,0,expand:x\n>>");
}

static void test_no_heredocs(void **state)
{
    (void)state;
    line_reads_as("RUN cat<<E\nRUN b", "2-2 RUN (cat<<E)\n3-3 RUN (b)");
    line_reads_as("RUN a <<<b\nRUN b", "2-2 RUN (a <<<b)\n3-3 RUN (b)");
    line_reads_as("RUN 'a <<E'\nRUN b", "2-2 RUN ('a <<E')\n3-3 RUN (b)");
    line_reads_as("RUN \\<<E\nRUN b", "2-2 RUN (\\<<E)\n3-3 RUN (b)");
    line_reads_as("RUN it's <<E\nRUN b", "2-2 RUN (it's <<E)\n3-3 RUN (b)"); /* does not lex */
    line_reads_as("RUN [\"a\", \"<<E\"]\nRUN b", "2-2 RUN (a|<<E) json\n3-3 RUN (b)");
    line_reads_as("CMD <<E\nRUN b", "2-2 CMD (<<E)\n3-3 RUN (b)");
    line_reads_as("RUN $((1<<3))\nRUN b", "2-2 RUN ($((1<<3)))\n3-3 RUN (b)");
    line_reads_as("# <<E\nRUN b", "3-3 RUN (b)");
}

static void test_unterminated_heredocs(void **state)
{
    (void)state;
    refused(STR("FROM a\nRUN <<E\nx\n"), 2, "unterminated heredoc");
    refused(STR("FROM a\nRUN <<E\n E\nE \n"), 2, "unterminated heredoc");
    refused(STR("FROM a\nRUN <<-E\n E\n"), 2, "unterminated heredoc"); /* tabs only */
    refused(STR("FROM a\n\nRUN <<A <<B\nA\n"), 3, "unterminated heredoc");
    refused(STR("FROM a\nRUN $(( 1 << 3 ))\n"), 2, "unterminated heredoc");
}

static void test_long_lines(void **state)
{
    (void)state;
    struct buf b = buf_in(&arena);
    buf_addz(&b, "FROM a\nRUN ");
    while (b.n < 7 + 65535)
        buf_addc(&b, 'x');
    struct buf too_long = buf_in(&arena);
    buf_add(&too_long, buf_str(&b));
    buf_addz(&b, "\n");
    assert_int_equal(parse(buf_str(&b))->instructions, 2);
    buf_addz(&too_long, "x\n");
    refused(buf_str(&too_long), 2, "dockerfile line greater than max allowed size of 65535");
    struct str heredoc = str_fmt(&arena, "FROM a\nRUN <<E\n%.*s\nE\n", STR_ARG(buf_str(&too_long)));
    refused(heredoc, 2, "unterminated heredoc");
}

/* ---- what edits rely on --------------------------------------------------------------------- */

static struct str raw(const struct df_item *it, struct span s)
{
    return str_sub(it->bytes, s.from, s.to);
}

static void test_places(void **state)
{
    (void)state;
    struct df_list *list = parse(STR("FROM a\n\n# c\n  co\\\npy --chown=\"a:b\" \\\n  # x\n  "
                                     "--lin\\\nk  a \\\n   b\t\r\n\nUSER\n"));
    struct df_item *copy = df_next(df_first(list)), *user = df_next(copy);
    EQ(copy->bytes, "  co\\\npy --chown=\"a:b\" \\\n  # x\n  --lin\\\nk  a \\\n   b\t\r\n");
    assert_int_equal(copy->source.from, 12);
    EQ(raw(copy, copy->node.keyword_raw), "co\\\npy");
    EQ(copy->node.keyword, "copy");
    EQ(raw(copy, copy->node.flags.v[0].raw), "--chown=\"a:b\"");
    EQ(raw(copy, copy->node.flags.v[1].raw), "--lin\\\nk");
    EQ(raw(copy, copy->node.rest_raw), "a \\\n   b");
    EQ(copy->node.rest, "a    b");
    assert_int_equal(copy->bytes.p[df_rest_raw(copy, 0)], 'a');
    assert_int_equal(copy->bytes.p[df_rest_raw(copy, 5)], 'b');
    assert_true(user->node.rest_raw.from == user->node.rest_raw.to);
    assert_int_equal(user->node.rest_raw.to, 4);
    struct df_item *late = df_next(df_first(parse(STR("FROM a\n\\\n \\\n  COPY --x=1 b c\n"))));
    EQ(raw(late, late->node.keyword_raw), "COPY");
    EQ(raw(late, late->node.flags.v[0].raw), "--x=1");
    EQ(raw(late, late->node.rest_raw), "b c");
    assert_ptr_equal(df_prev(user), copy);
    assert_null(df_prev(df_first(list)));
    assert_null(df_next(user));
    assert_int_equal(list->instructions, 3);
    assert_int_equal(user->ordinal, 2);
}

static void test_fragment(void **state)
{
    (void)state;
    struct df_item item = {0};
    struct df_error error;
    struct str one = STR("\n  USER app\n\n");
    assert_true(parse_fragment(&arena, one, '\\', &item, &error));
    EQ(str_sub(one, item.node.keyword_raw.from, item.node.keyword_raw.to), "USER");
    EQ(str_sub(one, item.node.rest_raw.from, item.node.rest_raw.to), "app");
    assert_false(parse_fragment(&arena, STR("USER a\nUSER b\n"), '\\', &item, &error));
    assert_false(parse_fragment(&arena, STR("USER a\n# b\n"), '\\', &item, &error));
    assert_false(parse_fragment(&arena, STR("# escape=`\n"), '\\', &item, &error));
    assert_false(parse_fragment(&arena, STR("RUN <<E\n"), '\\', &item, &error));
    assert_true(parse_fragment(&arena, STR("RUN a `\n b"), '`', &item, &error));
    EQ(item.node.rest, "a  b");
}

static void test_names(void **state)
{
    (void)state;
    for (int cmd = DF_ADD; cmd <= DF_WORKDIR; cmd++)
        assert_int_equal(df_cmd_find(str_of(df_cmd_name((enum df_cmd)cmd))), cmd);
    assert_int_equal(df_cmd_find(STR("heAlthcheck")), DF_HEALTHCHECK);
    assert_int_equal(df_cmd_find(STR("RUNS")), DF_NONE);
    assert_int_equal(df_cmd_find(STR("")), DF_NONE);
    struct str value;
    struct df_node *node =
        &df_next(df_first(parse(STR("FROM a\nCOPY --chown --from=b= --fromage=x a b\n"))))->node;
    assert_true(df_flag_get(node, "from", &value));
    EQ(value, "b=");
    assert_true(df_flag_get(node, "chown", &value));
    EQ(value, "");
    assert_false(df_flag_get(node, "fro", &value));
    assert_false(df_flag_get(node, "link", &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_directives),
        cmocka_unit_test(test_files_without_instructions),
        cmocka_unit_test(test_lines_and_line_ends),
        cmocka_unit_test(test_continuation),
        cmocka_unit_test(test_comments_above),
        cmocka_unit_test(test_flags),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_key_values),
        cmocka_unit_test(test_exec_form),
        cmocka_unit_test(test_onbuild),
        cmocka_unit_test(test_heredocs),
        cmocka_unit_test(test_no_heredocs),
        cmocka_unit_test(test_unterminated_heredocs),
        cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_fragment),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
