/* The built-in files of images without a shell: each can be read, says what it must, and its
 * patterns compile. */
#include "tests/support/unit.h"

#include "base/rx.h"
#include "knowledge/distroless.h"
#include "knowledge/templates.h"
#include "split/shape.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct distroless load(const char *name)
{
    struct distroless d;
    if (!distroless_find(&arena, str_of(name), &d))
        fail_msg("there is no data of %s", name);
    return d;
}

static void check_origin(const char *name, const struct distroless_origin *o)
{
    char err[200];
    struct rx *rx = rx_compile(o->version.p, o->version.n, RX_USER | RX_SHORT, err, sizeof err);
    if (!rx)
        fail_msg("%s: %.*s: %s", name, STR_ARG(o->version), err);
    rx_free(rx);
    if (!o->images.n && !o->packages.n)
        fail_msg("%s: an origin without images and packages", name);
}

static void test_every_shape_has_data(void **state)
{
    (void)state;
    for (size_t i = 0; i < shape_count; i++) {
        struct distroless d = load(shape_registry[i]->name);
        assert_true(d.images.n > 0);
        assert_true(d.user.n && d.user.p[0] >= '1' && d.user.p[0] <= '9');
        assert_true(d.checked.n == 10);
        VEC_EACH (image, &d.images)
            if (str_has(image->image, ":latest") || str_has(image->image, "debug"))
                fail_msg("%s: %.*s", shape_registry[i]->name, STR_ARG(image->image));
        VEC_EACH (o, &d.origins)
            check_origin(shape_registry[i]->name, o);
    }
    assert_true(load("common").packages.n > 0);
}

static void test_every_file_is_of_a_shape(void **state)
{
    (void)state;
    struct templates all = templates_each(STR("templates/distroless/"));
    assert_true(all.n > 1);
    VEC_EACH (t, &all) {
        struct str name = str_basename(str_of(t->path));
        name = str_sub(name, 0, name.n - strlen(".yaml"));
        bool found = str_is(name, "common");
        for (size_t i = 0; i < shape_count; i++)
            found |= str_is(name, shape_registry[i]->name);
        if (!found)
            fail_msg("%s is of no shape", t->path);
    }
}

static void test_images(void **state)
{
    (void)state;
    struct distroless go = load("go"), java = load("java");
    const struct distroless_image *image =
        distroless_image(&go, STR("debian13"), STR("static"), STR(""));
    assert_non_null(image);
    assert_true(str_is(image->image, "static-debian13"));
    assert_null(distroless_image(&go, STR("debian13"), STR(""), STR("")));
    assert_null(distroless_image(&go, STR("debian11"), STR("static"), STR("")));
    assert_non_null(distroless_image(&java, STR("debian13"), STR(""), STR("21")));
    assert_null(distroless_image(&java, STR("debian12"), STR(""), STR("21")));
    assert_null(distroless_image(&java, STR("debian13"), STR(""), STR("8")));
    assert_true(distroless_has_release(&arena, STR("debian12")));
    assert_true(distroless_has_release(&arena, STR("debian13")));
    assert_false(distroless_has_release(&arena, STR("debian11")));
    assert_false(distroless_has_release(&arena, STR("")));
    assert_false(distroless_find(&arena, STR("nosuch"), &go));
}

static void test_lists(void **state)
{
    (void)state;
    distroless_list list = {0};
    *vec_push(&arena, &list) = STR("gcc");
    *vec_push(&arena, &list) = STR("*-dev");
    *vec_push(&arena, &list) = STR("org.spring*");
    assert_true(distroless_lists(&list, STR("gcc")));
    assert_false(distroless_lists(&list, STR("gcc-12")));
    assert_true(distroless_lists(&list, STR("libpq-dev")));
    assert_false(distroless_lists(&list, STR("libpq-dev2")));
    assert_true(distroless_lists(&list, STR("org.springframework:spring-web")));
    assert_false(distroless_lists(&list, STR("com.org.spring")));
    assert_false(distroless_lists(&list, STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_shape_has_data),
        cmocka_unit_test(test_every_file_is_of_a_shape),
        cmocka_unit_test(test_images),
        cmocka_unit_test(test_lists),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
