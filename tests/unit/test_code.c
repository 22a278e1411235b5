/* What the project's own code says of other programs, and which packages it names. */
#include "tests/support/tree.h"
#include "tests/support/units.h"

#include "split/code.h"

static struct arena arena;
static struct ur_options *options;

static int setup(void **state)
{
    (void)state;
    options = ur_options_new();
    return ur_options_seal(options);
}

static int teardown(void **state)
{
    (void)state;
    ur_options_free(options);
    arena_release(&arena);
    return 0;
}

static const char *const ends[] = {".js", NULL};
static const struct code_mark marks[] = {
    {"child_process", NULL, "starts other programs"},
    {"spawn(", "// ok", "starts other programs"},
    {NULL, NULL, NULL},
};

/* A split of `node START` over one file of the context; without a path there is no context. */
static struct split *over(const char *path, const char *text, const char *start)
{
    static struct tree_file files[2];
    static struct ur_context outer;
    struct unit *u = units_new(&arena, options, "FROM node:24\nWORKDIR /app\nCOPY . .\n");
    struct stage *s = units_last_stage(u);
    files[0] = (struct tree_file){path, text, 0, 0};
    outer = tree_context(files);
    u->context = path ? context_new(&arena, &outer, STR("")) : NULL;
    struct split *sp = arena_new(&arena, struct split);
    *sp = (struct split){.u = u, .s = s, .o = {.unit = u, .stage = s}};
    *vec_push(&arena, &sp->words) = STR("node");
    *vec_push(&arena, &sp->words) = str_of(start);
    return sp;
}

/* "clean", "unseen", "refused", "review" */
static struct str judge(const char *path, const char *text, const char *start)
{
    struct split *sp = over(path, text, start);
    bool clean = code_is_clean(sp, ends, marks);
    const struct obstacle *why = obstacle_deciding(&sp->o);
    if (clean)
        return why ? STR("clean, but it complains") : STR("clean");
    return !why ? STR("unseen") : why->refuse ? STR("refused") : STR("review");
}

static void test_marks(void **state)
{
    (void)state;
    EQ(judge(NULL, NULL, "server.js"), "unseen");
    EQ(judge("server.js", "listen()", "server.js"), "clean");
    EQ(judge("server.js", "require('child_process')", "server.js"), "refused");
    EQ(judge("lib/deep/run.js", "x\nrequire('child_process')", "server.js"), "refused");
    EQ(judge("server.py", "child_process", "server.js"), "clean");
    EQ(judge("server.js", "  // child_process", "server.js"), "clean");
    EQ(judge("server.js", "spawn(x)", "server.js"), "refused");
    EQ(judge("server.js", "spawn(x) // ok", "server.js"), "clean");
    EQ(judge("server.js", "spawn(x) // ok\nspawn(y)", "server.js"), "refused");
}

/* Tests are not shipped, or not run; tools may be. What starts is neither. */
static void test_aside(void **state)
{
    (void)state;
    const char *text = "require('child_process')";
    EQ(judge("test/all.js", text, "server.js"), "clean");
    EQ(judge("src/a.test.js", text, "server.js"), "clean");
    EQ(judge("node_modules/x/index.js", text, "server.js"), "clean");
    EQ(judge("scripts/release.js", text, "server.js"), "review");
    EQ(judge("webpack.config.js", text, "server.js"), "review");
    EQ(judge("scripts/server.js", text, "scripts/server.js"), "refused");
    EQ(judge("test/server.js", text, "./test/server.js"), "refused");
    EQ(judge("test", NULL, "server.js"), "clean");
}

static bool names(const char *text, const char *package)
{
    struct strs packages = {0};
    *vec_push(&arena, &packages) = str_of(package);
    return !code_imports_none(over("server.js", text, "server.js"), ends, &packages);
}

static void test_imports(void **state)
{
    (void)state;
    assert_true(names("const a = require('a');", "a"));
    assert_true(names("require( \"a/b\" )", "a"));
    assert_true(names("require.resolve('a')", "a"));
    assert_true(names("import x from \"a\";", "a"));
    assert_true(names("import'a'", "a"));
    assert_true(names("await import(`a`)", "a"));
    assert_true(names("export * from '@s/a/c'", "@s/a"));
    assert_true(names("require('b');\nrequire('a')", "a"));
    assert_false(names("require('ab')", "a"));
    assert_false(names("require('./a')", "a"));
    assert_false(names("require('@s/b')", "@s/a"));
    assert_false(names("'a'", "a"));
    assert_false(names("require(", "a"));
    assert_false(names("require('a", "a"));
    assert_false(names("from", "a"));
}

/* Without a context nothing is proven. */
static void test_unseen(void **state)
{
    (void)state;
    struct strs none = {0};
    assert_false(code_imports_none(over(NULL, NULL, "x"), ends, &none));
    assert_true(code_imports_none(over("a.js", "", "x"), ends, &none));
    assert_true(code_says(over("a.js", "on('SIGTERM')", "x"), ends, "SIGTERM"));
    assert_false(code_says(over("a.js", "on('SIGINT')", "x"), ends, "SIGTERM"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_aside),
        cmocka_unit_test(test_imports),
        cmocka_unit_test(test_unseen),
    };
    return cmocka_run_group_tests_name("code", tests, setup, teardown);
}
