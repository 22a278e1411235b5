/*
 * Edits of YAML: a file, what is to be done, and the bytes that come out, or why it is refused.
 * What is to be done is written in lines:
 *
 *     put PATH KEY VALUE        add PATH VALUE        set PATH VALUE
 *     become PATH KEY VALUE     remove PATH           map PATH KEY      (an empty one: nothing)
 *
 * A path is "a.b[0].c", "." the root; a value a word, a text, {}, [] or {key=value}.
 */
#include "tests/support/unit.h"

#include <time.h>

#include "base/buf.h"
#include "yaml/yedit.h"
#include "yaml/yscalar.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct yvalue *value_of(struct str s)
{
    struct str key;
    if (str_is(s, "{}"))
        return yvalue_map(&arena);
    if (str_is(s, "[]"))
        return yvalue_list(&arena);
    if (str_starts(s, STR("{"))) {
        struct yvalue *map = yvalue_map(&arena);
        s = str_sub(s, 1, s.n - 1);
        str_split(&s, '=', &key);
        yvalue_put(map, key, value_of(s));
        return map;
    }
    if (str_starts(s, STR("'")))
        return yvalue_text(&arena, str_sub(s, 1, s.n - 1));
    return yscalar_of_plain(s) == YSCALAR_TEXT ? yvalue_text(&arena, s) : yvalue_word(&arena, s);
}

static struct yplace *place_at(struct yedit *e, struct str path)
{
    struct yplace *p = yedit_root(e);
    struct str segment, name, index;
    if (str_is(path, "."))
        return p;
    while (str_split(&path, '.', &segment)) {
        str_split(&segment, '[', &name);
        if (name.n)
            p = yplace_get_any(p, str_z(&arena, name));
        while (p && str_split(&segment, ']', &index)) {
            uint64_t n;
            struct yplace_walk w = yplace_walk(p);
            if (!index.n)
                break;
            if (index.p[0] == '[')
                index = str_from(index, 1);
            assert_true(str_to_u64(index, 1000, &n));
            for (p = yplace_next(&w); p && n; n--)
                p = yplace_next(&w);
        }
        assert_non_null(p);
    }
    return p;
}

static void do_line(struct yedit *e, struct str line)
{
    struct str op, path, key = STR("");
    str_split(&line, ' ', &op);
    str_split(&line, ' ', &path);
    struct yplace *p = place_at(e, path);
    bool keyed = str_is(op, "put") || str_is(op, "become") || str_is(op, "map");
    if (keyed)
        str_split(&line, ' ', &key);
    const char *k = str_z(&arena, key);
    if (str_is(op, "put"))
        yplace_put(p, k, value_of(line));
    else if (str_is(op, "add"))
        yplace_add(p, value_of(line));
    else if (str_is(op, "set"))
        yplace_set(p, value_of(line));
    else if (str_is(op, "become"))
        yplace_become(p, k, value_of(line));
    else if (str_is(op, "map"))
        assert_non_null(yplace_map(p, k));
    else if (str_is(op, "remove"))
        yplace_remove(p);
    else
        fail_msg("%.*s?", STR_ARG(op));
}

static struct yedit *edit_doc(const char *yaml, const char *ops, size_t doc)
{
    struct ytree *t = arena_new(&arena, struct ytree);
    struct str rest = str_of(ops), line;
    if (!ytree_parse(t, &arena, str_of(yaml)))
        fail_msg("%s\n%s", yaml, t->error.message);
    struct yedit *e = yedit_begin(&arena, str_of(yaml), t, doc);
    while (rest.n && str_split(&rest, '\n', &line))
        do_line(e, line);
    yedit_end(e);
    return e;
}

static void gives(const char *yaml, const char *ops, const char *want)
{
    struct yedit *e = edit_doc(yaml, ops, 0);
    if (e->wrong)
        fail_msg("%s\n%s\nrefused: %u: %s", yaml, ops, e->wrong_line, e->wrong);
    EQ_STR(patch_apply(&arena, str_of(yaml), e->edits.v, e->edits.n), str_of(want), ops);
}

static void refused(const char *yaml, const char *ops, const char *want)
{
    struct yedit *e = edit_doc(yaml, ops, 0);
    if (!e->wrong)
        fail_msg("%s\n%s\nnot refused: %.*s", yaml, ops,
                 STR_ARG(patch_apply(&arena, str_of(yaml), e->edits.v, e->edits.n)));
    assert_int_equal(e->edits.n, 0);
    EQ_STR(str_fmt(&arena, "%u: %s", e->wrong_line, e->wrong), str_of(want), ops);
}

/* ---- putting in ---- */

static void puts_into_block(void **state)
{
    (void)state;
    gives("a: 1\n", "put . b 2", "a: 1\nb: 2\n");
    gives("a: 1", "put . b 2", "a: 1\nb: 2");
    gives("a: 1\r\n", "put . b 2", "a: 1\r\nb: 2\r\n");
    gives("a:\n  b: 1 # c\nd: 2\n", "put a e 2\nput a f {g=h}",
          "a:\n  b: 1 # c\n  e: 2\n  f:\n    g: h\nd: 2\n");
    gives("a:\n    b:\n        c: 1\n", "put a d {e=f}",
          "a:\n    b:\n        c: 1\n    d:\n        e: f\n");
    gives("- a: 1\n- b: 2\n", "put [0] c 3\nput [1] d 4\nadd . {e=f}",
          "- a: 1\n  c: 3\n- b: 2\n  d: 4\n- e: f\n");
    gives("a:\n- - b\n  - c\n", "add a[0] d\nadd a e", "a:\n- - b\n  - c\n  - d\n- e\n");
    gives("a:\n  - b: 1\n", "add a 2\nput a[0] c 3\nput . d {}",
          "a:\n  - b: 1\n    c: 3\n  - 2\nd: {}\n");
    gives("a:\n- b\n", "add a c\nput . d e", "a:\n- b\n- c\nd: e\n");
}

static void empty_values(void **state)
{
    (void)state;
    gives("a:\nb: 1\n", "put . a {c=d}", "a:\n  c: d\nb: 1\n");
    gives("a: ~ # x\n", "put . a {c=d}", "a: # x\n  c: d\n");
    gives("a: null\n", "put . a 1", "a: 1\n");
    gives("a:\n", "put . a 1", "a: 1\n");
    gives("a: {}\n", "put a b c", "a:\n  b: c\n");
    gives("a: [ ]", "add a b", "a:\n- b");
    gives("a: {b: {}}\n", "put a.b c d", "a: {b: {c: d}}\n");
    gives("a: {b: }\n", "put a b {c=d}", "a: {b: {c: d}}\n");
    gives("- {}\n", "put [0] a b", "- {a: b}\n");
    gives("a: &x {}\n", "put a b c", "a: &x {b: c}\n");
    gives("a: 1\n", "map . b", "a: 1\n"); /* asked for, but nothing put in */
    gives("a:\n", "map . a", "a:\n");
}

static void puts_into_flow(void **state)
{
    (void)state;
    gives("{a: 1}\n", "put . b 2", "{a: 1, b: 2}\n");
    gives("{ a: 1 }\n", "put . b {c=d}", "{ a: 1, b: { c: d } }\n");
    gives("[a, b]\n", "add . c\nadd . d", "[a, b, c, d]\n");
    gives("[a, ]\n", "add . c", "[a, c, ]\n");
    gives("{\"a\":1}", "put . b {c=d}", "{\"a\":1,\"b\":{\"c\":\"d\"}}");
    gives("{\n  \"a\": 1\n}\n", "put . b {c=d}\nput . e 2",
          "{\n  \"a\": 1,\n  \"b\": {\n    \"c\": \"d\"\n  },\n  \"e\": 2\n}\n");
    gives("{\n\ta: 1, # x\n}\n", "put . b 2\nput . c 3", "{\n\ta: 1, # x\n\tb: 2,\n\tc: 3,\n}\n");
    gives("{\n  a: 1 # x\n}\n", "put . b 2\nput . c 3", "{\n  a: 1, # x\n  b: 2,\n  c: 3\n}\n");
    gives("{a: 1,\n b: 2}\n", "put . c 3", "{a: 1,\n b: 2, c: 3}\n");
    gives("{\r\n  \"a\": {}\r\n}\r\n", "put a b c",
          "{\r\n  \"a\": {\r\n    \"b\": \"c\"\r\n  }\r\n}\r\n");
}

static void quotes(void **state)
{
    (void)state;
    gives("a: 1\n", "put . b '80'", "a: 1\nb: \"80\"\n");
    gives("a: 1\n", "put . b 'yes'", "a: 1\nb: \"yes\"\n");
    gives("a: 1\n", "put . b 'x: #y'", "a: 1\nb: \"x: #y\"\n");
    gives("a: 1\n", "put . b ''", "a: 1\nb: \"\"\n");
    gives("a: 1\n", "put . b '/var/run'", "a: 1\nb: /var/run\n");
    gives("a: 1\n", "put . b '10:30'", "a: 1\nb: \"10:30\"\n");
    gives("a: 1\n", "put . b '2001-01-01'", "a: 1\nb: \"2001-01-01\"\n");
    gives("a: 'x'\n", "set a 'y'", "a: 'y'\n");
    gives("a: \"x\" # c\n", "set a 'y'", "a: \"y\" # c\n");
    gives("a: \"x\"\n", "set a true", "a: true\n");
}

static void where_lines_go(void **state)
{
    (void)state;
    gives("a:\n  b: |\n    x\n    # y\n\nc: 1\n", "put a d 2",
          "a:\n  b: |\n    x\n    # y\n\n  d: 2\nc: 1\n");
    gives("a:\n  b: |+\n    x\n\n\nc: 1\n", "put a d 2", "a:\n  b: |+\n    x\n\n\n  d: 2\nc: 1\n");
    gives("a:\n  b: x\n    y\n  # of b\n# of c\nc: 1\n", "put a d 2",
          "a:\n  b: x\n    y\n  # of b\n  d: 2\n# of c\nc: 1\n");
    gives("a:\n  b: x\n\n  # apart\nc: 1\n", "put a d 2",
          "a:\n  b: x\n  d: 2\n\n  # apart\nc: 1\n");
    gives("a: 1\n# end\n", "put . d 2", "a: 1\nd: 2\n# end\n");
    gives("a: 1\n---\nb: 2\n", "put . d 2", "a: 1\nd: 2\n---\nb: 2\n");
    gives("a: 1\n...\n", "put . d 2", "a: 1\nd: 2\n...\n");
    refused("a: |\n  x", "put . b 1", "1: a text at the end of the file would get a line end");
    gives("a: |-\n  x", "put . b 1", "a: |-\n  x\nb: 1");
}

/* ---- replacing and removing ---- */

static void replaces(void **state)
{
    (void)state;
    gives("a: 1 # c\nb: 2\n", "set a 3", "a: 3 # c\nb: 2\n");
    gives("[a, b]\n", "set [0] c", "[c, b]\n");
    gives("a:\n  h:\n    p: /\n    # gone\n    t: x\n  n: v\n", "become a.h e {}",
          "a:\n  e: {}\n  n: v\n");
    gives("- h: {p: x} # c\n  n: v\n", "become [0].h e {}", "- e: {} # c\n  n: v\n");
    gives("{h: {p: x}, n: v}\n", "become h e {}", "{e: {}, n: v}\n");
    refused("a: |\n  x\n", "set a 1",
            "1: a value with a tag or in several lines would be replaced");
    refused("a: !x y\n", "set a 1", "1: a value with a tag or in several lines would be replaced");
    refused("a:\n  b: 1\n", "set a 1", "2: a block of lines would be replaced");
}

static void removes(void **state)
{
    (void)state;
    gives("a: 1\nb: 2 # c\nc: 3\n", "remove b", "a: 1\nc: 3\n");
    gives("- a: 1\n  b: 2\n", "remove [0].a", "- b: 2\n");
    gives("- a: 1\n  # c\n  b: 2\n", "remove [0].a", "-\n  # c\n  b: 2\n");
    gives("- a\n- b\n- c\n", "remove [1]", "- a\n- c\n");
    gives("x:\n- a\n- b\n", "remove x[1]\nremove x[0]", "x: []\n");
    gives("x:\n  a: 1\n  b: 2\n", "remove x.a\nremove x.b", "x: {}\n");
    gives("x:\n  a: 1\n", "remove x.a\nput x b 2", "x:\n  b: 2\n");
    gives("[a, b, c]\n", "remove [0]", "[b, c]\n");
    gives("[a, b, c]\n", "remove [2]", "[a, b]\n");
    gives("[a, b, c]\n", "remove [2]\nremove [1]", "[a]\n");
    gives("[a, b]\n", "remove [1]\nremove [0]", "[]\n");
    gives("{a: 1, b: 2}\n", "remove a\nput . c 3", "{b: 2, c: 3}\n");
    gives("a:\n  b: |\n    x\nc: 1\n", "remove a\n", "c: 1\n");
    refused("- - a\n  - b\n", "remove [0][0]",
            "1: what would be removed does not stand in a line of its own");
    refused("[a, # x\n b]\n", "remove [0]", "1: a comment stands behind what would be removed");
}

/* ---- anchors ---- */

static const char shared[] =
    "what would be changed is shared by an anchor or merge key with a place that must stay as it is";

static void anchors(void **state)
{
    (void)state;
    const char *two = "a: &x\n  b: 1\nc: *x\n";
    gives(two, "put a d 2\nput c d 2", "a: &x\n  b: 1\n  d: 2\nc: *x\n");
    refused(two, "put a d 2", str_fmt(&arena, "2: %s", shared).p);
    refused(two, "put a d 2\nput c d 3",
            "2: places that share this by an anchor need different values");
    gives("a: &x {b: 1}\nc: *x\n", "set c 2", "a: &x {b: 1}\nc: 2\n");
    gives("a: &x\n  b: 1\nc:\n  <<: *x\n", "put c d 2", "a: &x\n  b: 1\nc:\n  <<: *x\n  d: 2\n");
    gives("a: &x\n  b: 1\nc:\n  <<: *x\n", "put a d 2\nput c d 2",
          "a: &x\n  b: 1\n  d: 2\nc:\n  <<: *x\n");
    gives("a: &x\n  b: 1\nc:\n  <<: *x\n", "put a d 2\nput c d 3",
          "a: &x\n  b: 1\n  d: 2\nc:\n  <<: *x\n  d: 3\n");
    gives("a: &x\n  b: 1\n", "put a d 2", "a: &x\n  b: 1\n  d: 2\n");
    refused("a: &x 1\nb: *x\n", "remove a", "1: the edited document could not be read any more");
}

static void keys_twice(void **state)
{
    (void)state;
    refused("a: 1\na: 2\n", "put . b 3",
            "1: a key is given twice in the mapping that needs a change");
    refused("a:\n  b: 1\na:\n  c: 1\n", "put a d 2",
            "4: a key on the way to a change is given twice");
    gives("a: 1\na: 2\nb:\n  c: 3\n", "put b d 4", "a: 1\na: 2\nb:\n  c: 3\n  d: 4\n");
}

/* ---- what is seen ---- */

static void sees_changes(void **state)
{
    (void)state;
    struct ytree t;
    struct str yaml = STR("a:\n  b: 1\nn: ~\n"), s;
    int64_t n;
    assert_true(ytree_parse(&t, &arena, yaml));
    struct yedit *e = yedit_begin(&arena, yaml, &t, 0);
    struct yplace *a = yplace_get(yedit_root(e), "a");
    assert_null(yplace_get(yedit_root(e), "n"));
    assert_non_null(yplace_get_any(yedit_root(e), "n"));
    assert_null(yplace_get(NULL, "x"));
    assert_true(yedit_is_empty(e));
    yplace_put(yplace_map(a, "m"), "x", yvalue_text(&arena, STR("y")));
    assert_true(yplace_string(yplace_get(yplace_get(a, "m"), "x"), &s));
    EQ_STR(s, STR("y"), "");
    EQ_STR(yplace_path(&arena, yplace_get(yplace_get(a, "m"), "x")), STR("a.m.x"), "");
    assert_int_equal(yplace_line(yplace_get(a, "m")), 1);
    yplace_set(yplace_get(a, "b"), yvalue_number(&arena, 7));
    assert_true(yplace_int(yplace_get(a, "b"), &n) && n == 7);
    assert_false(yedit_is_empty(e));
    assert_null(yplace_list(a, "b"));
}

static void scalars(void **state)
{
    (void)state;
    const struct {
        const char *text;
        enum yscalar_type type;
    } rows[] = {
        {"", YSCALAR_NULL},
        {"~", YSCALAR_NULL},
        {"null", YSCALAR_NULL},
        {"true", YSCALAR_BOOL},
        {"Off", YSCALAR_BOOL},
        {"y", YSCALAR_BOOL},
        {"tRUE", YSCALAR_TEXT},
        {"0", YSCALAR_NUMBER},
        {"-1", YSCALAR_NUMBER},
        {"+12_3", YSCALAR_NUMBER},
        {"0x1F", YSCALAR_NUMBER},
        {"0b101", YSCALAR_NUMBER},
        {"0o17", YSCALAR_NUMBER},
        {"017", YSCALAR_NUMBER},
        {"1.5", YSCALAR_OTHER},
        {"1e3", YSCALAR_OTHER},
        {".5", YSCALAR_OTHER},
        {"10:30", YSCALAR_OTHER},
        {"2001-01-01", YSCALAR_OTHER},
        {".inf", YSCALAR_NUMBER},
        {"1.27-alpine", YSCALAR_TEXT},
        {"99999999999999999999", YSCALAR_OTHER},
        {"<<", YSCALAR_OTHER},
        {"app", YSCALAR_TEXT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (yscalar_of_plain(str_of(rows[i].text)) != rows[i].type)
            fail_msg("'%s' is %d", rows[i].text, yscalar_of_plain(str_of(rows[i].text)));
    struct ytree t;
    int64_t n;
    bool b;
    assert_true(ytree_parse(&t, &arena, STR("[010, 0x10, '1', !!bool yes, !!int 5, !x 5, -0]")));
    const struct ytree_node *v = t.docs.v[0].root->first;
    assert_true(yscalar_int(v, &n) && n == 8);
    assert_true(yscalar_int(v = v->next, &n) && n == 16);
    assert_false(yscalar_int(v = v->next, &n));
    assert_true(yscalar_bool(v = v->next, &b) && b);
    assert_true(yscalar_int(v = v->next, &n) && n == 5);
    assert_false(yscalar_int(v = v->next, &n));
    assert_true(yscalar_int(v = v->next, &n) && n == 0);
}

/* ---- sizes ---- */

static void ends_in_time(void **state)
{
    (void)state;
    struct buf b = buf_in(&arena);
    for (int i = 0; i < 20000; i++)
        buf_addf(&b, "- a%d: {b: 1}\n", i);
    struct ytree t;
    clock_t from = clock();
    struct str yaml = buf_str(&b);
    assert_true(ytree_parse(&t, &arena, yaml));
    struct yedit *e = yedit_begin(&arena, yaml, &t, 0);
    struct yplace_walk w = yplace_walk(yedit_root(e));
    for (struct yplace *p; (p = yplace_next(&w));)
        yplace_put(p, "x", yvalue_bool(&arena, true));
    assert_true(yedit_end(e));
    assert_int_equal(e->edits.n, 20000);
    assert_true((clock() - from) / CLOCKS_PER_SEC < 5);
}

/* A small file in which one large mapping stands for many: looking into it ends. */
static void aliases_that_multiply(void **state)
{
    (void)state;
    struct buf b = buf_in(&arena);
    buf_addz(&b, "x: &x {");
    for (int i = 0; i < 2000; i++)
        buf_addf(&b, "k%d: 1, ", i);
    buf_addz(&b, "z: 1}\nl: [");
    for (int i = 0; i < 150; i++)
        buf_addz(&b, "*x, ");
    buf_addz(&b, "]\n");
    struct ytree t;
    struct str yaml = buf_str(&b);
    assert_true(ytree_parse(&t, &arena, yaml));
    struct yedit *e = yedit_begin(&arena, yaml, &t, 0);
    struct yplace_walk w = yplace_walk(yplace_get(yedit_root(e), "l"));
    for (struct yplace *p; (p = yplace_next(&w));)
        for (int i = 0; i < 60; i++)
            yplace_get(p, str_fmt(&arena, "n%d", i).p);
    assert_true(yedit_is_exhausted(e));
    yplace_put(yedit_root(e), "y", yvalue_bool(&arena, true));
    assert_false(yedit_end(e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_into_block),
        cmocka_unit_test(empty_values),
        cmocka_unit_test(puts_into_flow),
        cmocka_unit_test(quotes),
        cmocka_unit_test(where_lines_go),
        cmocka_unit_test(replaces),
        cmocka_unit_test(removes),
        cmocka_unit_test(anchors),
        cmocka_unit_test(keys_twice),
        cmocka_unit_test(sees_changes),
        cmocka_unit_test(scalars),
        cmocka_unit_test(ends_in_time),
        cmocka_unit_test(aliases_that_multiply),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
