/* HCL: what is read, what is stepped over, and where a file is wrong. */
#include "tests/support/unit.h"

#include "base/buf.h"
#include "repo/hcl.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void show_expr(struct buf *b, const struct hcl_expr *e)
{
    static const char brackets[] = "<>[]{}";
    if (e->kind == HCL_TEXT || e->kind == HCL_NAME) {
        buf_addf(b, e->kind == HCL_NAME ? "$%.*s" : e->bare ? "%.*s" : "'%.*s'", STR_ARG(e->text));
        return;
    }
    if (e->kind == HCL_NULL || e->kind == HCL_OTHER) {
        buf_addz(b, e->kind == HCL_NULL ? "null" : "?");
        return;
    }
    const char *pair = brackets + 2 * (e->kind - HCL_TEMPLATE - (e->kind > HCL_TEMPLATE));
    size_t n = 0;
    buf_addc(b, pair[0]);
    HCL_EACH (it, e) {
        if (n++)
            buf_addc(b, ' ');
        if (e->kind == HCL_OBJECT)
            buf_addf(b, "%.*s%s=", STR_ARG(it->key), it->key_unknown ? "?" : "");
        show_expr(b, it);
    }
    assert_int_equal(n, e->n);
    buf_addc(b, pair[1]);
}

static struct str show(const struct hcl_file *f)
{
    struct buf b = buf_in(&arena);
    show_expr(&b, f->attributes);
    VEC_EACH (block, &f->blocks) {
        buf_addf(&b, " %.*s:%.*s@%u", STR_ARG(block->type), STR_ARG(block->label), block->line);
        show_expr(&b, block->body);
    }
    return buf_str(&b);
}

static void check(const char *hcl, const char *want)
{
    struct hcl_file f;
    if (!hcl_read(&arena, str_of(hcl), &f))
        fail_msg("%s\n%u:%u: %s", hcl, f.line, f.col, f.message);
    EQ_STR(show(&f), str_of(want), hcl);
}

static void refuse(const char *hcl, const char *want)
{
    struct hcl_file f;
    if (hcl_read(&arena, str_of(hcl), &f))
        fail_msg("accepted: %s", hcl);
    EQ_STR(str_fmt(&arena, "%u:%u: %s", f.line, f.col, f.message), str_of(want), hcl);
}

static void values(void **state)
{
    (void)state;
    check("", "{}");
    check("a = 1\nb=\"x\"\nc = true\nd = null\ne = x.y", "{a=1 b='x' c=true d=null e=$x.y}");
    check("a = [1, \"b\",\n  [],\n]\r\nb = {}\r\n", "{a=[1 'b' []] b={}}");
    check("a = {\n  x = 1\n  \"y\" = 2, z: 3\n}\n", "{a={x=1 y=2 z=3}}");
    check("a = { x = { y = [ { z = 1 } ] } }", "{a={x={y=[{z=1}]}}}");
    check("a = {\n  x =\n    1\n}", "{a={x=1}}");
    check("docker-x_1 = y-z", "{docker-x_1=$y-z}");
    check("\xEF\xBB\xBF"
          "a = 1.5e",
          "{a=1.5e}");
    check("a = 1 # c\nb = 2 // c\nc /* c */ = /* c\n c */ 3 /* c */\n# d", "{a=1 b=2 c=3}");
}

static void strings(void **state)
{
    (void)state;
    check("a = \"\"", "{a=''}");
    check("a = \"b\\n\\t\\\"\\\\c\\u00e9\\U0001F433\"", "{a='b\n\t\"\\c\xC3\xA9\xF0\x9F\x90\xB3'}");
    check("a = \"$b $${c} %%{d} $$e % #\"", "{a='$b ${c} %{d} $$e % #'}");
    check("a = \"${b}\"", "{a=<$b>}");
    check("a = \"x${b.c}y${ d }\"", "{a=<'x' $b.c 'y' $d>}");
    check("a = \"${\"${b}\"}\"", "{a=<<$b>>}");
    check("a = \"${f(\"}\")}x\"", "{a=<? 'x'>}");
    check("a = \"${b ? \"c\" : \"d\"}\"", "{a=<?>}");
    check("a = \"%{ if b }c%{ endif }\"\nd = 1", "{a=? d=1}");
    check("a = \"${~ b ~}\"\nd = 1", "{a=? d=1}");
    check("a = \"\\x\"\nb = \"\\u12\"\nc = \"\\uD800\"\nd = \"\\/\"\ne = 1",
          "{a=? b=? c=? d=? e=1}");
}

static void what_is_stepped_over(void **state)
{
    (void)state;
    static const char *const others[] = {
        "f(x, [1, {a = 2}], \"}\")",
        "x ? 1 : 2",
        "x == 1",
        "1 + 2",
        "-1",
        "!x",
        "(1)",
        "x[0]",
        "x[\"a\"].b",
        "x.*.y",
        "x.0",
        "[for s in list : upper(s)]",
        "{for k, v in m : k => v}",
        "[ for s in list : s ]",
        "<<EOT\n  a = 1 }\nEOT",
        "<<-EOT\n  \"${\n  EOT",
        "f(<<EOT\n)\nEOT\n)",
        "f(# )\n1)",
        "f(/* ) */ 1)",
        "\"a\" + \"b\"",
        "\"a\".b",
        "[1].b",
        "{a = 1}.a",
        "f(\n\n  1,\n  2\n)",
        "@",
    };
    for (size_t i = 0; i < COUNT(others); i++) {
        check(str_fmt(&arena, "a = %s\nb = 1\n", others[i]).p, "{a=? b=1}");
        check(str_fmt(&arena, "a = { c = %s\n d = 1 }\nb = 1", others[i]).p, "{a={c=? d=1} b=1}");
    }
    check("a = [x ? 1 : 2, 3, f(4, 5)]", "{a=[? 3 ?]}");
    check("a = [\n  x\n  ? 1 : 2,\n  3\n]", "{a=[? 3]}");
    check("a = { (x) = 1, \"${y}\" = 2, z.w = 3, v = 4 }", "{a={?=1 ?=2 z.w?=3 v=4}}");
    check("a = [forest, for-x]", "{a=[$forest $for-x]}");
}

static void blocks(void **state)
{
    (void)state;
    check("target \"a\" { x = 1 }\n\ngroup b {\n}\nx \"y\" \"z\" {}\nplain {}\n",
          "{} target:a@1{x=1} group:b@3{} x:y@5{} plain:@6{}");
    check("v \"a\" {\n  x = 1\n  inner \"b\" {\n    y = 2\n  }\n  z = 3\n}", "{} v:a@1{x=1 z=3}");
    check("a = 1\nb {}\nc = 2", "{a=1 c=2} b:@2{}");
}

static void errors(void **state)
{
    (void)state;
    refuse("a", "1:2: expected '=' or a block");
    refuse("a = ", "1:5: expected a value");
    refuse("a =\n1", "1:4: expected a value");
    refuse("\n  a = 1 }", "2:9: a '}' without its '{'");
    refuse("}", "1:1: a '}' without its '{'");
    refuse("a {", "1:4: a block without its '}'");
    refuse("a { b = 1", "1:10: a block without its '}'");
    refuse("a = \"b", "1:7: a string without its closing quote");
    refuse("a = \"b\nc\"", "1:7: a string without its closing quote");
    refuse("a = \"${b\"", "1:10: a string without its closing quote");
    refuse("a = \"${b]\"", "1:9: a ${ without }");
    refuse("a = f(\"b", "1:9: a string without its closing quote");
    refuse("a = [1 2]\nb = [1", "2:7: expected ',' or ']'");
    refuse("a = { 1 }", "1:9: expected a key with a value, or '}'");
    refuse("a = { b == 1 }", "1:9: expected a key with a value, or '}'");
    refuse("a = <<EOT\nb\n", "3:1: a heredoc without its end");
    refuse("= 1", "1:1: expected the name of an attribute or block");
    refuse("\"a\" = 1", "1:1: expected the name of an attribute or block");
    refuse("a {} b {}", "1:6: expected the end of the line");
    refuse("\xC3\xA9 = 1\n\xC3\xA9\xC3\xA9 = ]", "2:6: expected a value");
}

static void depth_and_size(void **state)
{
    (void)state;
    static const char *const opening[] = {"[", "{ a = ", "\"${", "{ a = [", "f(\"${"};
    for (size_t i = 0; i < COUNT(opening); i++) {
        struct buf b = buf_in(&arena);
        struct hcl_file f;
        buf_addz(&b, "a = ");
        for (int n = 0; n < 200; n++)
            buf_addz(&b, opening[i]);
        assert_false(hcl_read(&arena, buf_str(&b), &f));
        assert_string_equal(f.message, "nested too deeply");
    }
    struct buf b = buf_in(&arena);
    struct hcl_file f;
    for (int n = 0; n < 200; n++)
        buf_addz(&b, "a {\n");
    assert_false(hcl_read(&arena, buf_str(&b), &f));
    assert_string_equal(f.message, "nested too deeply");
    b = buf_in(&arena);
    buf_addz(&b, "a = [");
    for (int n = 0; n <= HCL_NODES_MAX; n++)
        buf_addz(&b, "1,");
    buf_addz(&b, "]");
    assert_false(hcl_read(&arena, buf_str(&b), &f));
    assert_string_equal(f.message, "too many values");
}

/* Each is a file that something was cut off from: it must come back, with a message or without. */
static void any_part_of_a_file(void **state)
{
    (void)state;
    static const char *const file =
        "a = \"x${b}$${c}\\u00e9\" # d\nt \"e\" {\n  f = [for g in h : i]"
        "\n  j = { k = <<-L\n m\n  L\n \"n\" : -1 }\n  o = p(q[\"r\"])\n}"
        "\n/* s */ u = \"%{ if v }${~ w ~}%{ endif }\"\n";
    struct hcl_file f;
    for (size_t to = 0; to <= strlen(file); to++) {
        char *copy = malloc(to ? to : 1);
        memcpy(copy, file, to);
        if (!hcl_read(&arena, str_make(copy, to), &f))
            assert_true(f.message && *f.message && f.line && f.col);
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),
        cmocka_unit_test(strings),
        cmocka_unit_test(what_is_stepped_over),
        cmocka_unit_test(blocks),
        cmocka_unit_test(errors),
        cmocka_unit_test(depth_and_size),
        cmocka_unit_test(any_part_of_a_file),
    };
    return cmocka_run_group_tests_name("hcl", tests, NULL, teardown);
}
