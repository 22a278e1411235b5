#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "yaml/ydoc.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct ydoc parse(const char *yaml)
{
    struct ydoc d;
    if (!ydoc_parse(&d, &arena, "f", str_of(yaml)))
        fail_msg("%s\n%s", yaml, d.error);
    assert_null(d.error);
    return d;
}

static void refuse_bytes(struct str yaml, const char *error)
{
    struct ydoc d;
    bool ok = ydoc_parse(&d, &arena, "f", yaml);
    if (ok)
        fail_msg("accepted: %.*s", STR_ARG(yaml));
    assert_null(d.root);
    assert_string_equal(d.error, error);
}

static void refuse(const char *yaml, const char *error)
{
    refuse_bytes(str_of(yaml), error);
}

static void makes_a_tree(void **state)
{
    (void)state;
    struct ydoc d = parse("a: 1\nb:\n  - x\n  - {c: \"y\\tz\", d: []}\n");
    assert_int_equal(d.root->kind, YDOC_MAP);
    assert_int_equal(d.root->n, 2);
    const struct ydoc_node *a = ydoc_get(d.root, "a"), *b = ydoc_get(d.root, "b");
    assert_true(str_is(a->text, "1") && a->plain);
    assert_true(str_is(a->key->text, "a"));
    assert_ptr_equal(a->next, b);
    assert_int_equal(b->kind, YDOC_LIST);
    assert_int_equal(b->n, 2);
    assert_null(b->first->key);
    const struct ydoc_node *c = ydoc_get(b->first->next, "c");
    assert_true(str_is(c->text, "y\tz") && !c->plain);
    assert_int_equal(ydoc_get(b->first->next, "d")->n, 0);
    assert_null(ydoc_get(d.root, "c"));
    assert_null(ydoc_get(a, "a"));
    assert_null(ydoc_get(NULL, "a"));
}

static void knows_where_things_are(void **state)
{
    (void)state;
    struct ydoc d = parse("\xEF\xBB\xBF# comment\n\xC3\xA9: [\xC3\xA9, b]\nk:\n  v\n");
    const struct ydoc_node *list = d.root->first;
    assert_int_equal(list->key->line, 2);
    assert_int_equal(list->key->col, 1);
    assert_int_equal(list->col, 4);
    assert_int_equal(list->first->next->col, 8); /* code points, not bytes */
    assert_int_equal(list->next->line, 4);
    assert_int_equal(list->next->col, 3);
}

static void a_byte_order_mark_is_no_column(void **state)
{
    (void)state;
    struct ydoc d = parse("\xEF\xBB\xBF[a]");
    assert_int_equal(d.root->col, 1);
    assert_int_equal(d.root->first->col, 2);
}

static void empty_documents_have_no_root(void **state)
{
    (void)state;
    static const char *const empty[] = {"",  "\n",   "# only\n",   "---\n",
                                        "~", "null", "---\n...\n", "\xEF\xBB\xBF"};
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
        assert_null(parse(empty[i]).root);
    assert_non_null(parse("\"\"").root);
    struct ydoc d;
    assert_true(ydoc_parse(&d, &arena, "f", STR_NULL));
    assert_null(d.root);
}

static void carriage_returns_are_line_ends(void **state)
{
    (void)state;
    struct ydoc d = parse("a: 1\r\nb: x\r\n");
    assert_true(str_is(ydoc_get(d.root, "b")->text, "x"));
    assert_int_equal(ydoc_get(d.root, "b")->line, 2);
}

static void refuses_what_is_treacherous(void **state)
{
    (void)state;
    refuse("a: &x 1\n", "f:1:4: anchors are not supported");
    refuse("a: &x [1]\n", "f:1:4: anchors are not supported");
    refuse("a: &x {b: 1}\n", "f:1:4: anchors are not supported");
    refuse("a: *x\n", "f:1:4: aliases are not supported");
    refuse("<<: *x\n", "f:1:5: aliases are not supported");
    refuse("a: !!str 1\n", "f:1:4: tags are not supported");
    refuse("a: ! 1\n", "f:1:4: tags are not supported");
    refuse("a: !x [1]\n", "f:1:4: tags are not supported");
    refuse("a: 1\n---\nb: 1\n", "f:2:1: only one document is allowed");
    refuse("[a]: 1\n", "f:1:1: a key must be a text");
    refuse("? {a: b}\n: 1\n", "f:1:3: a key must be a text");
    refuse("?\n: 1\n", "f:1:2: a key must be a text");
    refuse("~: 1\n", "f:1:1: a key must be a text");
}

static void refuses_duplicate_keys(void **state)
{
    (void)state;
    refuse("a: 1\nb: 2\n\"a\": 3\n", "f:3:1: key 'a' is given twice, first in line 1");
    refuse("x: {b: 1, a: 2, b: 3}\n", "f:1:17: key 'b' is given twice, first in line 1");
    parse("x: {a: 1}\ny: {a: 1}\na: 2\n");
}

static void refuses_broken_yaml(void **state)
{
    (void)state;
    struct ydoc d;
    assert_false(ydoc_parse(&d, &arena, "dir/x.yaml", STR("a: [1\nb: 2\n")));
    assert_true(str_starts(str_of(d.error), STR("dir/x.yaml:2:")));
    refuse("a: b: c\n", "f:1:5: mapping values are not allowed in this context");
    refuse("a:\n\t- b\n", "f:2:1: found character that cannot start any token");
}

static void refuses_bad_bytes(void **state)
{
    (void)state;
    refuse("a: 1\nb\xC3\xA9: \xFF\n", "f:2:5: invalid leading UTF-8 octet");
    refuse("a: \x01\n", "f:1:4: control characters are not allowed");
    refuse_bytes(STR("a: \0\n"), "f:1:4: control characters are not allowed");
    struct ydoc d; /* UTF-16 is not guessed from its byte order mark */
    assert_false(ydoc_parse(&d, &arena, "f",
                            STR("\xFF\xFE"
                                "a\0:\0 \0b\0")));
}

static void a_hostile_label_is_made_safe(void **state)
{
    (void)state;
    struct ydoc d;
    assert_false(ydoc_parse(&d, &arena, "a\x1b[2J\n%s", STR("*x")));
    assert_string_equal(d.error, "a?[2J?%s:1:1: aliases are not supported");
}

static struct str repeated(const char *unit, size_t bytes)
{
    struct buf b = buf_in(&arena);
    while (b.n + strlen(unit) <= bytes)
        buf_addz(&b, unit);
    return buf_str(&b);
}

static void depth_is_limited(void **state)
{
    (void)state;
    struct buf b = buf_in(&arena);
    struct ydoc d;
    for (int i = 0; i < YDOC_DEPTH_MAX; i++)
        buf_addz(&b, "- ");
    assert_true(ydoc_parse(&d, &arena, "f", buf_str(&b)));
    buf_addz(&b, "- ");
    refuse_bytes(buf_str(&b), "f:1:65: nested too deeply (limit 32)");
}

static void hostile_documents_end_soon(void **state)
{
    (void)state;
    static const char *const units[] = {
        "[",      "{",     "- ",    "? ",      "[[],",      "{a: ", "a: ",    "a,",    "&a ",
        "\"",     "- a\n", "? a\n", "- - a\n", "# a\n",     "\n",   " ",      "{},",   "[a, ",
        "%A a\n", "---\n", "!a",    "*a ",     "|\n a\n",   "'a' ", ">+\n\n", "\"a\n", "a\n",
        ":",      "-",     "[? ",   "{? a,",   "x\xC2\x85", "\\",   "[\n",    "{\n",   "- [a]\n"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        for (int wrap = 0; wrap < 3; wrap++) {
            static const char *const open[] = {"", "[", "k: {"};
            struct ydoc d;
            struct buf b = buf_in(&arena);
            buf_addz(&b, open[wrap]);
            buf_add(&b, repeated(units[i], YDOC_SIZE_MAX - 8));
            clock_t from = clock();
            (void)!ydoc_parse(&d, &arena, "f", buf_str(&b));
            double took = (double)(clock() - from) / CLOCKS_PER_SEC;
            if (took > 1)
                print_message("%s%s...: %.2f s, %s\n", open[wrap], units[i], took,
                              d.error ? d.error : "accepted");
            assert_true(took < 10);
            arena_reset(&arena);
        }
}

static void size_and_values_are_limited(void **state)
{
    (void)state;
    struct ydoc d;
    struct str s = repeated("#", YDOC_SIZE_MAX);
    assert_true(ydoc_parse(&d, &arena, "f", s));
    s = repeated("#", YDOC_SIZE_MAX + 1);
    refuse_bytes(s, "f:1:1: too large (limit 1048576 bytes)");
    assert_false(ydoc_parse(&d, &arena, "f", repeated("- a\n", 4 * (YDOC_NODES_MAX + 1))));
    assert_true(str_has(str_of(d.error), "too many values"));
    arena_reset(&arena);
}

/* A thousand times more keys take about a thousand times longer, not a million times. */
static void many_keys_are_fine(void **state)
{
    (void)state;
    struct buf b = buf_in(&arena);
    for (int i = 0; i < 50000; i++)
        buf_addf(&b, "k%d: v\n", i);
    clock_t from = clock();
    struct ydoc d = parse(buf_str(&b).p);
    assert_int_equal(d.root->n, 50000);
    assert_true((double)(clock() - from) / CLOCKS_PER_SEC < 5);
    arena_reset(&arena);
}

static void texts(void **state)
{
    (void)state;
    struct ydoc d = parse("[a, \"b\", 010, yes, 1:20, \"\", 'null', 2026-11-22]");
    static const char *const want[] = {"a", "b", "010", "yes", "1:20", "", "null", "2026-11-22"};
    size_t i = 0;
    YDOC_EACH (it, d.root) {
        struct str s;
        assert_true(ydoc_text(&d, it, &s));
        assert_true(str_is(s, want[i++]));
    }
    assert_int_equal(i, 8);
}

static void refuse_text(const char *yaml, const char *error)
{
    struct ydoc d = parse(yaml);
    struct str s;
    assert_false(ydoc_text(&d, ydoc_get(d.root, "k"), &s));
    assert_string_equal(d.error, error);
}

static void what_is_no_text(void **state)
{
    (void)state;
    refuse_text("k:\n", "f:1:3: 'k' must be a text (\"\" if it is empty), not nothing");
    refuse_text("k: ~\n", "f:1:4: 'k' must be a text (\"\" if it is empty), not nothing");
    refuse_text("k: NULL\n", "f:1:4: 'k' must be a text (\"\" if it is empty), not nothing");
    refuse_text("k: [a]\n", "f:1:4: 'k' must be a text, not a list");
    refuse_text("k: {}\n", "f:1:4: 'k' must be a text, not a mapping");
    refuse_text("k: \"a\\e[1m\"\n", "f:1:4: 'a?[1m' contains a control character");
    refuse_text("k: \"a\\0\"\n", "f:1:4: 'a?' contains a control character");
}

static void booleans(void **state)
{
    (void)state;
    bool v = false;
    struct ydoc d = parse("[true, false]");
    assert_true(ydoc_bool(&d, d.root->first, &v) && v);
    assert_true(ydoc_bool(&d, d.root->first->next, &v) && !v);
    static const char *const wrong[] = {"[yes]", "[True]", "[\"true\"]", "[1]",
                                        "[]",    "[[]]",   "[~]"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        d = parse(wrong[i]);
        assert_false(ydoc_bool(&d, d.root->first, &v));
    }
    assert_string_equal(d.error, "f:1:2: expected true or false, found nothing");
}

static void numbers(void **state)
{
    (void)state;
    uint64_t v = 7;
    struct ydoc d = parse("[0, 65535, 18446744073709551615]");
    assert_true(ydoc_number(&d, d.root->first, 0, 9, &v) && v == 0);
    assert_true(ydoc_number(&d, d.root->first->next, 1, 65535, &v) && v == 65535);
    assert_true(ydoc_number(&d, d.root->first->next->next, 0, UINT64_MAX, &v) && v == UINT64_MAX);
    static const char *const wrong[] = {
        "[10]",    "[-1]",   "[+1]",  "[0x1]", "[01]", "[00]",  "[1_0]",
        "[\"1\"]", "[1.0]",  "[1e1]", "[a]",   "[~]",  "[[1]]", "[18446744073709551617]",
        "[1:1]",   "[\"\"]", "[]"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        d = parse(wrong[i]);
        assert_false(ydoc_number(&d, d.root->first, 0, 9, &v));
        assert_non_null(d.error);
    }
    d = parse("{uid: \"1\"}");
    assert_false(ydoc_number(&d, d.root->first, 0, 9, &v));
    assert_string_equal(d.error, "f:1:7: 'uid' must be a number from 0 to 9, not '1' in quotes");
}

enum colour { RED, GREEN };

struct thing {
    struct str name;
    VEC(struct str) words;
    uint32_t size, untouched;
    enum colour colour;
    bool good;
};

static const char *const colours[] = {"red", "green", NULL};

static const struct ydoc_field fields[] = {
    {YDOC_AT(struct thing, name), .key = "name", .read = ydoc_read_text, .required = true},
    {YDOC_AT(struct thing, words), .key = "words", .read = ydoc_read_texts},
    {YDOC_AT(struct thing, size), .key = "size", .read = ydoc_read_number, .min = 1, .max = 10},
    {YDOC_AT(struct thing, untouched), .key = "untouched", .read = ydoc_read_number},
    {YDOC_AT(struct thing, colour), .key = "colour", .read = ydoc_read_choice, .words = colours},
    {YDOC_AT(struct thing, good), .key = "good", .read = ydoc_read_bool},
};
enum { FIELDS = sizeof fields / sizeof *fields };

static void tables_fill_structs(void **state)
{
    (void)state;
    struct ydoc d = parse("good: true\nname: x\nwords: [a, b]\nsize: 10\ncolour: green\n");
    struct thing t = {.untouched = 5};
    uint64_t set;
    assert_true(ydoc_fields(&d, d.root, fields, FIELDS, &t, &set));
    assert_true(str_is(t.name, "x"));
    assert_int_equal(t.words.n, 2);
    assert_true(str_is(t.words.v[1], "b"));
    assert_int_equal(t.size, 10);
    assert_int_equal(t.untouched, 5);
    assert_int_equal(t.colour, GREEN);
    assert_true(t.good);
    assert_int_equal(set, 0x37);
}

static void refuse_thing(const char *yaml, const char *error)
{
    struct ydoc d = parse(yaml);
    struct thing t = {0};
    assert_false(ydoc_fields(&d, d.root, fields, FIELDS, &t, NULL));
    assert_string_equal(d.error, error);
}

static void tables_are_strict(void **state)
{
    (void)state;
    refuse_thing("name: x\nnmae: y\n", "f:2:1: unknown key 'nmae'");
    refuse_thing("name: x\n<<: {size: 1}\n", "f:2:1: unknown key '<<'");
    refuse_thing("name: x\n\"a\\eb\": y\n", "f:2:1: unknown key 'a?b'");
    refuse_thing("\nsize: 1\n", "f:2:1: the key 'name' is missing");
    refuse_thing("name: x\nsize: 11\n", "f:2:7: 'size' must be a number from 1 to 10, not '11'");
    refuse_thing("untouched: 4294967296\n", "f:1:12: 'untouched' must be a number from 0 to "
                                            "4294967295, not '4294967296'");
    refuse_thing("colour: blue\n", "f:1:9: 'colour' must be one of red, green, not 'blue'");
    refuse_thing("colour: [red]\n", "f:1:9: 'colour' must be one of red, green, not a list");
    refuse_thing("words: a\n", "f:1:8: 'words' must be a list, not 'a'");
    refuse_thing("words: [a, ~]\n", "f:1:12: expected a text (\"\" if it is empty), found nothing");
    refuse_thing("words:\n", "f:1:7: 'words' must be a list, not nothing");
    refuse_thing("[]", "f:1:1: expected a mapping, found a list");
    refuse_thing("", "f:1:1: expected a mapping, found an empty document");
}

static void the_first_error_is_kept(void **state)
{
    (void)state;
    struct ydoc d = parse("a: 1\n");
    assert_false(ydoc_fail(&d, d.root->first, "first %d", 1));
    assert_false(ydoc_fail(&d, NULL, "second"));
    assert_string_equal(d.error, "f:1:4: first 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_a_tree),
        cmocka_unit_test(knows_where_things_are),
        cmocka_unit_test(a_byte_order_mark_is_no_column),
        cmocka_unit_test(empty_documents_have_no_root),
        cmocka_unit_test(carriage_returns_are_line_ends),
        cmocka_unit_test(refuses_what_is_treacherous),
        cmocka_unit_test(refuses_duplicate_keys),
        cmocka_unit_test(refuses_broken_yaml),
        cmocka_unit_test(refuses_bad_bytes),
        cmocka_unit_test(a_hostile_label_is_made_safe),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(hostile_documents_end_soon),
        cmocka_unit_test(size_and_values_are_limited),
        cmocka_unit_test(many_keys_are_fine),
        cmocka_unit_test(texts),
        cmocka_unit_test(what_is_no_text),
        cmocka_unit_test(booleans),
        cmocka_unit_test(numbers),
        cmocka_unit_test(tables_fill_structs),
        cmocka_unit_test(tables_are_strict),
        cmocka_unit_test(the_first_error_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
