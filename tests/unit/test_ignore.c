/* .dockerignore, row by row: the file's lines, a path, whether it is left out. */
#include "tests/support/unit.h"

#include "context/ignore.h"

static const struct {
    const char *rules, *path;
    bool out;
} rows[] = {
    {"node_modules", "node_modules", true},
    {"node_modules", "node_modules/a/b", true},
    {"node_modules", "web/node_modules", false}, /* anchored, unlike .gitignore */
    {"**/node_modules", "web/node_modules/x", true},
    {"**/node_modules", "node_modules", true},
    {"/dist/", "dist/a.js", true},
    {"./dist", "dist", true},
    {"a/../b", "b", true},
    {"a/../b", "a", false},
    {"*.md\n!README.md", "notes.md", true},
    {"*.md\n!README.md", "README.md", false},
    {"!README.md\n*.md", "README.md", true}, /* the last one decides */
    {"*\n!src\n!package.json", "src/index.js", false},
    {"*\n!src\n!package.json", "package.json", false},
    {"*\n!src\n!package.json", "test/a.js", true},
    {"**\n!src/**", "src/a/b", false},
    {"**\n!src/**", "lib/a", true},
    {"# *.js\n", "a.js", false},
    {"  *.js  \n", "a.js", true},
    {"\xef\xbb\xbf*.js", "a.js", true},
    {"*.js\r\nx\r\n", "a.js", true},
    {"*/*.log", "a/b.log", true},
    {"*/*.log", "a/b/c.log", false},
    {"?.txt", "a.txt", true},
    {"?.txt", "ab.txt", false},
    {"[a-c].txt", "b.txt", true},
    {"\\*.txt", "*.txt", true},
    {"\\*.txt", "a.txt", false},
    {"\n\n.\n/\n!\n", "a", false},
    {"secrets\n! secrets/public", "secrets/public/key", false},
};

static void test_rows(void **state)
{
    (void)state;
    struct arena a = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct ignore ig = ignore_read(&a, str_of(rows[i].rules));
        if (!ig.complete || ignore_has(&ig, str_of(rows[i].path)) != rows[i].out)
            fail_msg("'%s' and '%s'", rows[i].rules, rows[i].path);
    }
    arena_release(&a);
}

/* What is not understood makes it known that it is not. */
static void test_not_complete(void **state)
{
    (void)state;
    static const char *const odd[] = {"a**b", "[", "../x", "[!a]", "a/[b"};
    struct arena a = {0};
    for (size_t i = 0; i < COUNT(odd); i++)
        if (ignore_read(&a, str_of(odd[i])).complete)
            fail_msg("'%s' counts as understood", odd[i]);
    arena_release(&a);
}

static void test_children(void **state)
{
    (void)state;
    struct arena a = {0};
    struct ignore ig = ignore_read(&a, STR("docs\nsrc\n!docs/api/x.md\n"));
    assert_true(ignore_has_children(&ig, STR("docs")));
    assert_true(ignore_has_children(&ig, STR("docs/api")));
    assert_false(ignore_has_children(&ig, STR("src")));
    assert_false(ignore_has_children(&ig, STR("doc")));
    ig = ignore_read(&a, STR("*\n!**/*.md\n"));
    assert_true(ignore_has_children(&ig, STR("src"))); /* somewhere below, perhaps */
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_not_complete),
        cmocka_unit_test(test_children),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
