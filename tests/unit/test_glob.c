/* Patterns for paths: what they match, which are refused, and that none takes long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/glob.h"

static void globs(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *path;
        bool want;
    } cases[] = {
        {"Dockerfile", "a/b/Dockerfile", true},
        {"*.Dockerfile", "a/x.Dockerfile", true},
        {"*.Dockerfile", "a/x.Dockerfile.y", false},
        {"legacy", "legacy/a/Dockerfile", true},
        {"legacy", "a/legacy/Dockerfile", true},
        {"legacy/", "a/legacy/Dockerfile", true},
        {"legacy/", "a/legacy", false},
        {"/legacy", "legacy/Dockerfile", true},
        {"/legacy", "a/legacy/Dockerfile", false},
        {"a/b", "a/b/Dockerfile", true},
        {"a/b", "x/a/b/Dockerfile", false},
        {"a/*", "a/b/Dockerfile", true},
        {"a/*/x", "a/b/x", true},
        {"a/*/x", "a/b/c/x", false},
        {"a/**/x", "a/x", true},
        {"a/**/x", "a/b/c/x", true},
        {"a/**/x", "b/a/x", false},
        {"**/x", "x", true},
        {"**/x", "a/b/x", true},
        {"**/x/**", "a/x/b", true},
        {"**/x/**", "a/x", false},
        {"a/**", "a/b/c", true},
        {"a/**", "a", false},
        {"a/**/b/**/c", "a/b/x/b/c", true},
        {"**/a/b", "a/a/b", true},
        {"**/a*/b", "a/ax/c/ay/b", true},
        {"**", "anything/at/all", true},
        {"*", "anything/at/all", true},
        {"?", "ab", false},
        {"?b", "ab", true},
        {"[a-c]x", "bx", true},
        {"[a-c]x", "dx", false},
        {"[!a-c]x", "dx", true},
        {"[]a]x", "]x", true},
        {"[a-]x", "-x", true},
        {"\\*", "*", true},
        {"\\*", "a", false},
        {"*a*b*c", "xxaxxbxxc", true},
        {"*a*b*c", "xxaxxcxxb", false},
        {"*.\xff", "a/b.\xff", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (glob_match(str_of(cases[i].pattern), str_of(cases[i].path)) != cases[i].want)
            fail_msg("'%s' and '%s'", cases[i].pattern, cases[i].path);
}

static void bad_globs(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "!x", "[a", "a/[b/c]", "./a", "../a", "a/../b", "."};
    static const char *const good[] = {"a", "**/b", "[!a]", "[]]", "\\[", "..a", "a/..b"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (!glob_check(str_of(bad[i])))
            fail_msg("'%s'", bad[i]);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (glob_check(str_of(good[i])))
            fail_msg("'%s'", good[i]);
    assert_non_null(glob_check(str_make("a\0b", 3)));
}

/* Ends soon, whatever the stars. */
static void hostile_globs(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct buf pattern = buf_in(&arena), path = buf_in(&arena);
    for (int i = 0; i < 100; i++)
        buf_addz(&pattern, "**/a*a*/");
    buf_addz(&pattern, "b");
    for (int i = 0; i < 1000; i++)
        buf_addz(&path, "aaaaaaaaaaaaaaaaaaaa/");
    buf_addz(&path, "c");
    assert_null(glob_check(buf_str(&pattern)));
    assert_false(glob_match(buf_str(&pattern), buf_str(&path)));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(globs),
        cmocka_unit_test(bad_globs),
        cmocka_unit_test(hostile_globs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
