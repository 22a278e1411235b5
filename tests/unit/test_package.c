/* The built-in files of packages: each can be read, and says where caches lie. */
#include "tests/support/unit.h"

#include "knowledge/package.h"
#include "knowledge/templates.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void test_every_name_is_found(void **state)
{
    (void)state;
    struct template_names names = templates_exact_names("packages");
    assert_true(names.n > 10);
    VEC_EACH (n, &names) {
        struct package p;
        assert_true(package_find(&arena, str_of(n->name), &p));
        assert_true(p.writes.n > 0);
        VEC_EACH (w, &p.writes)
            if (!w->n || w->p[0] == '/' || str_has(*w, ".."))
                fail_msg("%s: '%.*s' is no path below the package", n->name, STR_ARG(*w));
    }
}

static void test_known_and_unknown(void **state)
{
    (void)state;
    struct package p;
    assert_true(package_find(&arena, STR("@babel/register"), &p));
    assert_int_equal(p.writes.n, 1);
    EQ_STR(p.writes.v[0], STR("node_modules/.cache"), "@babel/register");
    assert_true(package_find(&arena, STR("vite"), &p));
    assert_int_equal(p.writes.n, 2);
    assert_false(package_find(&arena, STR("express"), &p));
    assert_false(package_find(&arena, STR("find-cache-dir2"), &p));
    assert_false(package_find(&arena, STR(""), &p));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_name_is_found),
        cmocka_unit_test(test_known_and_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
