/* Lock files of npm, yarn and pnpm. */
#include "tests/support/unit.h"

#include "base/buf.h"
#include "split/lock.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* "a", with ! for one that runs something, % for one of a system, - for development, > for a
 * link; "unseen" when the file was not read to its end. */
static struct str show(const char *name, const char *text)
{
    struct lock l = lock_parse(&arena, str_of(name), str_of(text));
    struct buf b = buf_in(&arena);
    if (!l.seen)
        return STR("unseen");
    VEC_EACH (p, &l.packages) {
        buf_addf(&b, "%s%.*s", b.n ? " " : "", STR_ARG(p->name));
        buf_addz(&b, p->script ? "!" : "");
        buf_addz(&b, p->platform ? "%" : "");
        buf_addz(&b, p->development ? "-" : "");
        buf_addz(&b, p->linked ? ">" : "");
    }
    return buf_str(&b);
}

static void test_npm(void **state)
{
    (void)state;
    EQ(show("package-lock.json", "{\"lockfileVersion\": 3, \"packages\": {\"\": {\"name\": \"x\"},"
                                 "\"node_modules/a\": {\"version\": \"1.0.0\"},"
                                 "\"node_modules/@b/c\": {\"hasInstallScript\": true},"
                                 "\"node_modules/a/node_modules/d\": {\"dev\": true},"
                                 "\"node_modules/e\": {\"os\": [\"linux\"]},"
                                 "\"node_modules/f\": {\"name\": \"real\"},"
                                 "\"node_modules/g\": {\"link\": true, \"resolved\": \"lib/g\"},"
                                 "\"lib/g\": {}, \"../h\": {}}}"),
       "a @b/c! d- e% real g> lib/g> ../h>");
    EQ(show("package-lock.json", "{\"lockfileVersion\": 1, \"dependencies\": {\"a\": {\"version\": "
                                 "\"1\", \"dependencies\": {\"b\": {}}}, \"c\": {\"dev\": true}}}"),
       "a b c-");
    EQ(show("npm-shrinkwrap.json", "{}"), "");
    EQ(show("package-lock.json", "[]"), "unseen");
    EQ(show("package-lock.json", "{\"packages\": "), "unseen");
}

static void test_npm_says_what_it_tells(void **state)
{
    (void)state;
    struct lock new = lock_parse(&arena, STR("package-lock.json"), STR("{\"packages\": {}}"));
    struct lock old = lock_parse(&arena, STR("package-lock.json"), STR("{\"dependencies\": {}}"));
    assert_true(new.tells_scripts &&new.tells_development);
    assert_false(old.tells_scripts);
    assert_true(old.tells_development);
}

static void test_yarn(void **state)
{
    (void)state;
    EQ(show("yarn.lock", "# yarn lockfile v1\n\n\n\"@a/b@^1.0.0\", \"@a/b@^1.1.0\":\n"
                         "  version \"1.2.0\"\n  dependencies:\n    c \"^1\"\n\n"
                         "c@1, c@^1:\r\n  version \"1.0.0\"\r\n"),
       "@a/b c");
    EQ(show("yarn.lock", "__metadata:\n  version: 8\n\n"
                         "\"a@npm:^1.0.0\":\n  version: 1.0.0\n  resolution: \"a@npm:1.0.0\"\n"
                         "\"x@workspace:.\":\n  resolution: \"x@workspace:.\"\n"
                         "\"e@npm:1\":\n  conditions: os=linux\n"),
       "a x> e%");
    EQ(show("yarn.lock", ""), "");
    EQ(show("yarn.lock", "__metadata: [\n"), "unseen");
}

static void test_pnpm(void **state)
{
    (void)state;
    EQ(show("pnpm-lock.yaml", "lockfileVersion: '6.0'\npackages:\n"
                              "  /a@1.0.0:\n    dev: true\n"
                              "  /@b/c@2.0.0(d@1.0.0):\n    requiresBuild: true\n    dev: false\n"),
       "a- @b/c!");
    EQ(show("pnpm-lock.yaml", "lockfileVersion: '9.0'\npackages:\n  'a@1.0.0':\n    os: [linux]\n"
                              "  '@b/c@2.0.0': {}\n"),
       "a% @b/c");
    EQ(show("pnpm-lock.yaml",
            "lockfileVersion: 5.4\npackages:\n  /a/1.0.0: {}\n  /@b/c/2.0.0: {}\n"),
       "a @b/c");
    EQ(show("pnpm-lock.yaml", "just text"), "unseen");
}

/* Deep nesting and many packages end somewhere, and say so. */
static void test_limits(void **state)
{
    (void)state;
    struct buf b = buf_in(&arena);
    for (int i = 0; i < 1000; i++)
        buf_addz(&b, "{\"dependencies\": {\"a\": ");
    buf_addz(&b, "{}");
    for (int i = 0; i < 1000; i++)
        buf_addz(&b, "}}");
    EQ(show("package-lock.json", buf_str(&b).p), "unseen");
    struct buf lines = buf_in(&arena);
    for (int i = 0; i < 30000; i++)
        buf_addf(&lines, "p%d@1:\n", i);
    EQ(show("yarn.lock", buf_str(&lines).p), "unseen");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_npm),    cmocka_unit_test(test_npm_says_what_it_tells),
        cmocka_unit_test(test_yarn),   cmocka_unit_test(test_pnpm),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests_name("lock", tests, NULL, teardown);
}
