/* Strangers' YAML: what the tree is like, where its nodes are, and what no file can do to it. */
#include "tests/support/unit.h"

#include <time.h>

#include "base/buf.h"
#include "yaml/ytree.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct ytree parse_bytes(struct str yaml)
{
    struct ytree t;
    if (!ytree_parse(&t, &arena, yaml))
        fail_msg("%.*s\n%u:%u: %s", STR_ARG(yaml), t.error.line, t.error.col, t.error.message);
    assert_null(t.error.message);
    return t;
}

static struct ytree parse(const char *yaml)
{
    return parse_bytes(str_of(yaml));
}

static const struct ytree_node *root(const char *yaml)
{
    struct ytree t = parse(yaml);
    assert_int_equal(t.docs.n, 1);
    return t.docs.v[0].root;
}

static void refuse_bytes(struct str yaml, const char *error)
{
    struct ytree t;
    if (ytree_parse(&t, &arena, yaml))
        fail_msg("accepted: %.*s", STR_ARG(yaml));
    assert_int_equal(t.docs.n, 0);
    assert_null(t.repeated);
    struct str have = str_fmt(&arena, "%u:%u: %s", t.error.line, t.error.col, t.error.message);
    EQ_STR(have, str_of(error), str_z(&arena, str_sub(yaml, 0, 200)));
}

static void refuse(const char *yaml, const char *error)
{
    refuse_bytes(str_of(yaml), error);
}

/* ---- the tree ---- */

static void makes_a_tree(void **state)
{
    (void)state;
    const struct ytree_node *r = root("a: 1\nb:\n- x\n- {c: \"y\\tz\", d: []}\n");
    assert_int_equal(r->kind, YTREE_MAPPING);
    assert_int_equal(r->style, YTREE_BLOCK);
    assert_int_equal(r->n, 2);
    const struct ytree_node *a = ytree_get(r, "a"), *b = ytree_get(r, "b");
    EQ(a->text, "1");
    EQ(a->key->text, "a");
    assert_ptr_equal(a->parent, r);
    assert_ptr_equal(a->key->parent, r);
    assert_ptr_equal(a->next, b);
    assert_int_equal(b->kind, YTREE_SEQUENCE);
    assert_int_equal(b->n, 2);
    assert_null(b->first->key);
    const struct ytree_node *map = b->first->next;
    assert_int_equal(map->style, YTREE_FLOW);
    EQ(ytree_get(map, "c")->text, "y\tz");
    assert_int_equal(ytree_get(map, "d")->n, 0);
    assert_null(ytree_get(r, "c"));
    assert_null(ytree_get(a, "a"));
    assert_null(ytree_get(NULL, "a"));
}

static void knows_styles(void **state)
{
    (void)state;
    static const struct {
        const char *yaml;
        enum ytree_style style;
        const char *text;
    } rows[] = {
        {"a", YTREE_PLAIN, "a"},
        {"'a'''", YTREE_SINGLE, "a'"},
        {"\"a\\n\"", YTREE_DOUBLE, "a\n"},
        {"|\n a\n b\n", YTREE_LITERAL, "a\nb\n"},
        {">\n a\n b\n", YTREE_FOLDED, "a b\n"},
        {"a\n  b", YTREE_PLAIN, "a b"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct ytree_node *r = root(rows[i].yaml);
        assert_int_equal(r->style, rows[i].style);
        EQ_STR(r->text, str_of(rows[i].text), rows[i].yaml);
    }
}

static void reads_documents(void **state)
{
    (void)state;
    struct ytree t = parse("a: 1\n---\n# two\nb: &x 2\n...\n---\n--- |\n t\n");
    assert_int_equal(t.docs.n, 4);
    assert_false(t.docs.v[0].marked);
    assert_true(t.docs.v[1].marked);
    assert_int_equal(t.docs.v[1].line, 2);
    EQ(ytree_get(t.docs.v[1].root, "b")->anchor, "x");
    assert_true(ytree_is_null(t.docs.v[2].root));
    EQ(t.docs.v[3].root->text, "t\n");
    assert_int_equal(parse("").docs.n, 0);
    assert_int_equal(parse("# only\n").docs.n, 0);
    assert_int_equal(parse("\xEF\xBB\xBF").docs.n, 0);
    assert_int_equal(parse_bytes(STR_NULL).docs.n, 0);
    refuse("a: &x 1\n---\nb: *x\n", "3:4: an alias without an anchor of that name before it");
}

static void takes_any_key(void **state)
{
    (void)state;
    const struct ytree_node *r = root("{a: b}: 1\n? [x]\n: 2\n? &k k\n: 3\n? *k\n: 4\n?\n: 5\n");
    assert_int_equal(r->n, 5);
    assert_int_equal(r->first->key->kind, YTREE_MAPPING);
    EQ(ytree_get(r, "k")->text, "4"); /* an alias may be the same key once more */
    EQ(ytree_get(r, "")->text, "5");
}

static void knows_repeated_keys(void **state)
{
    (void)state;
    struct ytree t = parse("a: 1\nx: {c: 1, c: 2}\nb: 2\n'a': 3\nc: 4\n");
    const struct ytree_node *r = t.docs.v[0].root;
    EQ(ytree_get(r, "a")->text, "3");
    assert_false(r->first->repeated);
    assert_true(ytree_get(r, "a")->repeated);
    assert_non_null(t.repeated);
    EQ(t.repeated->text, "c"); /* the first in the file */
    assert_int_equal(t.repeated->line, 2);
    assert_null(parse("a: {x: 1}\nb: {x: 1}\n").repeated);
    ytree_pairs all = ytree_all(&arena, r);
    assert_int_equal(all.n, 4);
    EQ(all.v[2].value->text, "3");
}

static void knows_what_is_null(void **state)
{
    (void)state;
    static const char *const nulls[] = {"k:",  "k: ~",  "k: null",     "k: NULL", "k: Null",
                                        "{k}", "k: &a", "k: !!null x", "? k\n",   "{k: , b: 1}"};
    static const char *const texts[] = {"k: ''",    "k: \"null\"", "k: nil", "k: nUll",
                                        "k: !!str", "k: !!str ~",  "k: |"};
    struct str text;
    for (size_t i = 0; i < COUNT(nulls); i++) {
        assert_true(ytree_is_null(ytree_get(root(nulls[i]), "k")));
        assert_false(ytree_text(ytree_get(root(nulls[i]), "k"), &text));
    }
    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_false(ytree_is_null(ytree_get(root(texts[i]), "k")));
        assert_true(ytree_text(ytree_get(root(texts[i]), "k"), &text));
    }
    assert_false(ytree_is_null(root("[]")));
    assert_false(ytree_is_null(NULL));
    assert_false(ytree_text(NULL, &text));
    assert_false(ytree_text(root("[]"), &text));
}

static void keeps_tags(void **state)
{
    (void)state;
    const struct ytree_node *r = root("a: !reset null\nb: !override [x]\nc: !!str 1\nd: 1\n");
    EQ(ytree_get(r, "a")->tag, "!reset");
    EQ(ytree_get(r, "b")->tag, "!override");
    EQ(ytree_get(r, "c")->tag, "tag:yaml.org,2002:str");
    EQ(ytree_get(r, "d")->tag, "");
}

/* ---- places ---- */

/* Walks to a node: "0" the first element or value, "0k" its key, "1/0" and so on. */
static const struct ytree_node *at(const struct ytree_node *n, const char *path)
{
    struct str rest = str_of(path), part;
    while (rest.n && str_split(&rest, '/', &part)) {
        unsigned long i = strtoul(part.p, NULL, 10);
        for (n = n->first; i > 0 && n; i--)
            n = n->next;
        assert_non_null(n);
        if (str_ends(part, STR("k")))
            n = n->key;
    }
    return n;
}

static void knows_where_things_are(void **state)
{
    (void)state;
    static const struct {
        const char *yaml, *path, *bytes, *from; /* from: with anchor and tag */
        unsigned line, col;
    } rows[] = {
        {"a: b", "0", "b", NULL, 1, 4},
        {"a: b", "0k", "a", NULL, 1, 1},
        {"a: b", "", "a: b", NULL, 1, 1},
        {"a:   'b ''c'  # d\n", "0", "'b ''c'", NULL, 1, 6},
        {"a: \"b\\\n  c\"\n", "0", "\"b\\\n  c\"", NULL, 1, 4},
        {"a: b\n  c\nd: e", "0", "b\n  c", NULL, 1, 4},
        {"a:\nb: 1", "0", "", NULL, 1, 3},
        {"a: !!str\nb: 1", "0", "", "!!str", 1, 9},
        {"a: |\n  b\n  c\n\nd: 1", "0", "|\n  b\n  c\n\n", NULL, 1, 4},
        {"a: >-\n  b\nd: 1", "0", ">-\n  b\n", NULL, 1, 4},
        {"a: &x |\n  b\n", "0", "|\n  b\n", "&x |\n  b\n", 1, 7},
        {"a: &x !!str # why\n  b\n", "0", "b", "&x !!str # why\n  b", 2, 3},
        {"a: !!str &x\r\n  \"b\"\r\n", "0", "\"b\"", "!!str &x\r\n  \"b\"", 2, 3},
        {"a:\n- b\n- c\nd: 1", "0", "- b\n- c", NULL, 2, 1},
        {"a:\n  - b\n  -  c\nd: 1", "0", "- b\n  -  c", NULL, 2, 3},
        {"a: &x\n- b\n", "0", "- b", "&x\n- b", 2, 1},
        {"a: &x\n  - b\n", "0", "- b", "&x\n  - b", 2, 3},
        {"a: &x\n  - -1\n", "0", "- -1", "&x\n  - -1", 2, 3},
        {"a: &x\n  -\n    - b\n", "0", "-\n    - b", "&x\n  -\n    - b", 2, 3},
        {"a: &x\n-\n", "0", "-", "&x\n-", 2, 1},
        {"- - b\n  - c\n", "0", "- b\n  - c", NULL, 1, 3},
        {"a:\n  b: c\n  d: e # f\n", "0", "b: c\n  d: e", NULL, 2, 3},
        {"a: !t\n  b: c\n", "0", "b: c", "!t\n  b: c", 2, 3},
        {"a: &x {b: c }\n", "0", "{b: c }", "&x {b: c }", 1, 7},
        {"a: [ b,\n c ]\n", "0", "[ b,\n c ]", NULL, 1, 4},
        {"a: &x\xC2\x85 # c\n\xEF\xBB\xBF b\n", "0", "b", NULL, 3, 3},
        {"a: &x:b\n", "0", ":b", "&x:b", 1, 6},
        {"a: &x []\n", "0", "[]", "&x []", 1, 7},
        {"[b: c , d]", "0", "b: c", NULL, 1, 2},
        {"[? b : c , d]", "0", "? b : c", NULL, 1, 2},
        {"[[b: c]]", "0/0", "b: c", NULL, 1, 3},
        {"\xEF\xBB\xBF\xC3\xA9: [\xC3\xA9, \xF0\x9F\x90\xB3 , b]", "0/1", "\xF0\x9F\x90\xB3", NULL,
         1, 8},
        {"\xEF\xBB\xBF\xC3\xA9: [\xC3\xA9, \xF0\x9F\x90\xB3 , b]", "0", NULL, NULL, 1, 4},
        {"\xEF\xBB\xBF\xC3\xA9: [\xC3\xA9, \xF0\x9F\x90\xB3 , b]", "0/2", "b", NULL, 1, 12},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct str yaml = str_of(rows[i].yaml);
        const struct ytree_node *n = at(root(rows[i].yaml), rows[i].path);
        if (rows[i].bytes)
            EQ_STR(str_sub(yaml, n->span.from, n->span.to), str_of(rows[i].bytes), rows[i].yaml);
        if (rows[i].from)
            EQ_STR(str_sub(yaml, n->from, n->span.to), str_of(rows[i].from), rows[i].yaml);
        else if (!n->anchor.n && !n->tag.n)
            assert_int_equal(n->from, n->span.from);
        if (n->line != rows[i].line || n->col != rows[i].col)
            fail_msg("%s\n%u:%u", rows[i].yaml, n->line, n->col);
    }
}

static void bytes_are_right_behind_many_code_points(void **state)
{
    (void)state;
    struct buf b = buf_in(&arena);
    for (int i = 0; i < 500; i++)
        buf_addf(&b, "k%d: \xC3\xA9%s\n", i, i % 3 ? "\xE2\x82\xAC" : "");
    struct str yaml = buf_str(&b);
    struct ytree t = parse_bytes(yaml);
    YTREE_EACH (it, t.docs.v[0].root)
        EQ_STR(str_sub(yaml, it->span.from, it->span.to), it->text, "a value");
}

static void knows_where_documents_are(void **state)
{
    (void)state;
    struct str yaml = STR("# c\na: 1\n---\nb: 2\n...\n# d\n---\nc: 3\n");
    struct ytree t = parse_bytes(yaml);
    assert_int_equal(t.docs.n, 3);
    EQ(str_sub(yaml, t.docs.v[0].span.from, t.docs.v[0].span.to), "a: 1\n");
    EQ(str_sub(yaml, t.docs.v[1].span.from, t.docs.v[1].span.to), "---\nb: 2\n...");
    EQ(str_sub(yaml, t.docs.v[2].span.from, t.docs.v[2].span.to), "---\nc: 3\n");
}

/* ---- aliases and merge keys ---- */

static void follows_aliases(void **state)
{
    (void)state;
    const struct ytree_node *r = root("a: &x {k: v}\nb: *x\nc: &y 1\nd: &y 2\ne: *y\n");
    const struct ytree_node *b = ytree_get(r, "b");
    assert_int_equal(b->kind, YTREE_ALIAS);
    EQ(b->text, "x");
    assert_int_equal(b->span.to - b->span.from, 2);
    assert_ptr_equal(ytree_real(b), ytree_get(r, "a"));
    assert_ptr_equal(ytree_real(ytree_get(r, "a")), ytree_get(r, "a"));
    assert_null(ytree_real(NULL));
    EQ(ytree_real(ytree_get(r, "e"))->text, "2"); /* the newest before it */
    struct str text;
    assert_true(ytree_text(ytree_get(r, "e"), &text));
    EQ(text, "2");
}

static const char *const merging = "a: &a {k: a, only: a}\n"
                                   "b: &b {k: b, l: b, <<: *a}\n"
                                   "c: {<<: *b, l: c}\n"
                                   "d: {<<: [*a, *b, 7, {z: d}], m: d}\n"
                                   "e: {'<<': *a}\n"
                                   "f: {<<: {k: 1}, <<: {k: 2, j: 2}}\n"
                                   "g: {<<: [], k: g}\n"
                                   "h: {<<: text}\n";

static void finds_through_merge_keys(void **state)
{
    (void)state;
    static const struct {
        const char *map, *key, *want;
    } rows[] = {
        {"c", "l", "c"},  {"c", "k", "b"},  {"c", "only", "a"}, {"d", "k", "a"},  {"d", "l", "b"},
        {"d", "m", "d"},  {"d", "z", "d"},  {"d", "no", NULL},  {"e", "k", NULL}, {"g", "k", "g"},
        {"g", "l", NULL}, {"h", "k", NULL}, {"f", "j", "2"},    {"a", "k", "a"},
    };
    const struct ytree_node *r = root(merging);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct ytree_node *found = ytree_find(ytree_get(r, rows[i].map), rows[i].key);
        if (!rows[i].want)
            assert_null(found);
        else
            EQ_STR(found->text, str_of(rows[i].want), rows[i].key);
    }
    assert_null(ytree_find(NULL, "k"));
    assert_null(ytree_find(ytree_find(ytree_get(r, "a"), "k"), "k"));
}

static struct str joined(const struct ytree_node *map)
{
    struct buf b = buf_in(&arena);
    ytree_pairs all = ytree_all(&arena, map);
    VEC_EACH (p, &all)
        buf_addf(&b, "%.*s=%.*s ", STR_ARG(p->key->text), STR_ARG(p->value->text));
    return buf_str(&b);
}

static void lists_pairs_with_what_is_merged(void **state)
{
    (void)state;
    const struct ytree_node *r = root(merging);
    EQ(joined(ytree_get(r, "c")), "l=c k=b only=a ");
    EQ(joined(ytree_get(r, "d")), "m=d k=a only=a l=b z=d ");
    EQ(joined(ytree_get(r, "g")), "k=g ");
    EQ(joined(ytree_get(r, "h")), "");
    EQ(joined(r->first->first), "");
    EQ(joined(NULL), "");
}

/* ---- what strangers may try ---- */

static void refuses_broken_yaml(void **state)
{
    (void)state;
    refuse("a: b: c\n", "1:5: mapping values are not allowed in this context");
    refuse("a: [1\n", "2:1: did not find expected ',' or ']'");
    refuse("a: 1\nb\xC3\xA9: \xFF\n", "2:5: invalid leading UTF-8 octet");
    refuse("a: \x01\n", "1:4: control characters are not allowed");
    refuse("\xFF\xFE"
           "a",
           "1:1: invalid leading UTF-8 octet");
    refuse("{{ .Values }}: [\n", "2:1: did not find expected node content");
    refuse("a: 1\n---\n---\n  - [\n", "5:1: did not find expected node content");
}

static void refuses_circles(void **state)
{
    (void)state;
    refuse("&a [*a]\n", "1:5: an alias that stands for what it is in");
    refuse("a: &a\n  b: {c: *a}\n", "2:10: an alias that stands for what it is in");
    refuse("a: &a\n  <<: *a\n", "2:7: an alias that stands for what it is in");
    refuse("&a {*a : 1}\n", "1:5: an alias that stands for what it is in");
    refuse("a: *a\n", "1:4: an alias without an anchor of that name before it");
    /* A name that is given anew stands for the new one from there on. */
    EQ(ytree_real(root("&a [&a x, *a]")->first->next)->text, "x");
}

static void refuses_laughs(void **state)
{
    (void)state;
    struct buf b = buf_in(&arena);
    buf_addz(&b, "a0: &a0 [x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 40; i++)
        buf_addf(&b, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d]\n", i, i, i - 1, i - 1, i - 1, i - 1);
    refuse_bytes(buf_str(&b), "10:9: aliases that multiply beyond measure");
    b = buf_in(&arena);
    buf_addz(&b, "m0: &m0 {k: v}\n");
    for (int i = 1; i < 60; i++)
        buf_addf(&b, "m%d: &m%d {<<: [*m%d, *m%d]}\n", i, i, i - 1, i - 1);
    refuse_bytes(buf_str(&b), "19:16: aliases that multiply beyond measure");
}

static void refuses_depth(void **state)
{
    (void)state;
    struct buf deep = buf_in(&arena), chain = buf_in(&arena);
    for (int i = 0; i < 400; i++)
        buf_addc(&deep, '[');
    refuse_bytes(buf_str(&deep), "1:129: nested too deeply");
    deep = buf_in(&arena);
    for (int i = 0; i < 300; i++)
        buf_addz(&deep, "- ");
    refuse_bytes(buf_str(&deep), "1:257: nested too deeply");
    buf_addz(&chain, "- &a0 []\n");
    for (int i = 1; i < 200; i++)
        buf_addf(&chain, "- &a%d [*a%d]\n", i, i - 1);
    refuse_bytes(buf_str(&chain), "129:9: nested too deeply, aliases followed");
    deep = buf_in(&arena);
    for (int i = 0; i < YTREE_DEPTH_MAX; i++)
        buf_addc(&deep, '[');
    for (int i = 0; i < YTREE_DEPTH_MAX; i++)
        buf_addc(&deep, ']');
    assert_int_equal(parse_bytes(buf_str(&deep)).docs.v[0].root->height, YTREE_DEPTH_MAX);
}

static struct str repeated(const char *head, const char *line, size_t times)
{
    struct buf b = buf_in(&arena);
    buf_addz(&b, head);
    for (size_t i = 0; i < times; i++)
        buf_addz(&b, line);
    return buf_str(&b);
}

static void refuses_too_much(void **state)
{
    (void)state;
    refuse_bytes(repeated("", "- 1\n", YTREE_NODES_MAX + 1), "262144:3: too many values");
    refuse_bytes(repeated("", "# 34567\n", YTREE_SIZE_MAX / 8 + 1), "1:1: too large");
    refuse_bytes(repeated("", "- &a 1\n", YTREE_ANCHORS_MAX + 1), "1001:6: too many anchors");
    refuse_bytes(repeated("", "%TAG !a! x\n", 101), "101:1: too many %TAG directives");
    parse_bytes(repeated("", "- &a 1\n", YTREE_ANCHORS_MAX));
}

static void no_file_takes_long(void **state)
{
    (void)state;
    struct buf keys = buf_in(&arena), anchors = buf_in(&arena);
    for (int i = 0; i < 100000; i++)
        buf_addf(&keys, "a%d:\n", i);
    for (int i = 0; i < YTREE_ANCHORS_MAX; i++)
        buf_addf(&anchors, "- &a%d x\n", i);
    for (int i = 0; i < 200000; i++)
        buf_addz(&anchors, "- *a0\n");
    struct str files[] = {
        buf_str(&keys),
        buf_str(&anchors),
        repeated("a: \"", "\xC3\xA9 ", 1000000),
        repeated("", "'", 1000000),
        repeated("", "{a: ", 1000000),
        repeated("", "? ", 1000000),
        repeated("", "!!", 1000000),
        repeated("", "\n", 1000000),
        repeated("- |\n", "\n ", 1000000),
        repeated("&a ", "&a ", 1000000),
        repeated("", "a: !x &y # z\n\n#\n \n", 60000),
    };
    for (size_t i = 0; i < COUNT(files); i++) {
        struct ytree t;
        clock_t start = clock();
        ytree_parse(&t, &arena, files[i]);
        if ((double)(clock() - start) / CLOCKS_PER_SEC > 10)
            fail_msg("file %zu takes long", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_a_tree),
        cmocka_unit_test(knows_styles),
        cmocka_unit_test(reads_documents),
        cmocka_unit_test(takes_any_key),
        cmocka_unit_test(knows_repeated_keys),
        cmocka_unit_test(knows_what_is_null),
        cmocka_unit_test(keeps_tags),
        cmocka_unit_test(knows_where_things_are),
        cmocka_unit_test(bytes_are_right_behind_many_code_points),
        cmocka_unit_test(knows_where_documents_are),
        cmocka_unit_test(follows_aliases),
        cmocka_unit_test(finds_through_merge_keys),
        cmocka_unit_test(lists_pairs_with_what_is_merged),
        cmocka_unit_test(refuses_broken_yaml),
        cmocka_unit_test(refuses_circles),
        cmocka_unit_test(refuses_laughs),
        cmocka_unit_test(refuses_depth),
        cmocka_unit_test(refuses_too_much),
        cmocka_unit_test(no_file_takes_long),
    };
    return cmocka_run_group_tests_name("ytree", tests, NULL, teardown);
}
