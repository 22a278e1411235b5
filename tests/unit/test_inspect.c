#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verify/image.h"

static void an_image(void **state)
{
    (void)state;
    struct arena a = {0};
    struct image i = image_read(
        &a, STR("[{\"Size\":12,\"Config\":{\"User\":\"1000:1000\",\"ExposedPorts\":{\"80/tcp\":{},"
                "\"53/udp\":{},\"x\":{},\"99999/tcp\":{}},\"Volumes\":{\"/data\":{}},"
                "\"Healthcheck\":{\"Test\":[\"CMD\",\"true\"]}}}]"));
    assert_true(i.known && i.health);
    assert_true(str_is(i.user, "1000:1000"));
    assert_int_equal(i.exposed_count, 2);
    assert_int_equal(i.size, 12);
    assert_int_equal(i.volumes.n, 1);
    i = image_read(&a, STR("[{\"Config\":{\"Healthcheck\":{\"Test\":[\"NONE\"]}}}]"));
    assert_true(i.known && !i.health);
    assert_int_equal(i.user.n, 0);
    arena_release(&a);
}

static void a_container(void **state)
{
    (void)state;
    struct arena a = {0};
    struct container_state s = image_read_state(
        &a, STR("[{\"State\":{\"Running\":true,\"Health\":{\"Status\":\"starting\"}}}]"));
    assert_true(s.known && s.running);
    assert_int_equal(s.health, HEALTH_STARTING);
    s = image_read_state(&a, STR("[{\"State\":{\"Running\":false,\"ExitCode\":137,\"OOMKilled\":"
                                 "true,\"Error\":\"a\\u001bb\"}}]"));
    assert_false(s.running);
    assert_true(s.out_of_memory);
    assert_int_equal(s.exit_code, 137);
    assert_true(str_is(s.error, "a?b"));
    s = image_read_state(&a, STR("[{\"State\":{\"Healthcheck\":{\"Status\":\"healthy\"}}}]"));
    assert_int_equal(s.health, HEALTH_HEALTHY);
    arena_release(&a);
}

static void what_is_no_answer(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "[]", "{}", "null", "[1]", "[[]]", "[{", "\xff", "{\"Config\":{}}", "[\"x\"]"};
    struct arena a = {0};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_false(image_read(&a, str_of(texts[i])).known);
        assert_false(image_read_state(&a, str_of(texts[i])).known);
    }
    assert_false(image_read_state(&a, STR("[{\"State\":3}]")).known);
    struct image odd =
        image_read(&a, STR("[{\"Size\":\"x\",\"Config\":{\"User\":5,\"ExposedPorts\":"
                           "[1],\"Volumes\":3,\"Healthcheck\":{\"Test\":\"x\"}}}]"));
    assert_true(odd.known);
    assert_false(odd.health);
    assert_int_equal(odd.exposed_count, 0);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_image),
        cmocka_unit_test(a_container),
        cmocka_unit_test(what_is_no_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
