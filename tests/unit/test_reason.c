/* The built-in files of reason codes: each one can be read and reads well where it is printed. */
#include "tests/support/unit.h"

#include "knowledge/reason.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void test_every_code(void **state)
{
    (void)state;
    const struct str *codes;
    size_t n = reason_codes(&arena, &codes);
    assert_true(n > 20);
    for (size_t i = 0; i < n; i++) {
        struct reason r;
        const char *code = str_z(&arena, codes[i]);
        if (i && str_cmp(codes[i - 1], codes[i]) >= 0)
            fail_msg("%s is not in order", code);
        if (!reason_find(&arena, codes[i], &r))
            fail_msg("%s is not found", code);
        EQ_STR(r.code, codes[i], code);
        if (!r.summary.n || !r.why.n || !r.todo.n)
            fail_msg("%s says too little", code);
        if (str_chr(r.summary, '\n') >= 0 || str_ends(r.summary, STR(".")) || r.summary.n > 120)
            fail_msg("%s: the summary is one line without a full stop", code);
        if (!str_ends(r.why, STR(".")) || !str_ends(r.todo, STR(".")))
            fail_msg("%s: sentences end with a full stop", code);
        if (str_has(r.why, "\t") || str_has(r.todo, "\t"))
            fail_msg("%s: a tab", code);
    }
}

static void test_codes_that_users_rely_on(void **state)
{
    (void)state;
    static const char *const codes[] = {
        "entrypoint-opaque",  "drops-privileges", "unknown-base-user", "windows",
        "invalid-dockerfile", "too-large",        "suppressed",        "gate-refused",
        "privileged-port",    "data-volume",      "variable-base",     "init-system"};
    struct reason r;
    for (size_t i = 0; i < COUNT(codes); i++)
        if (!reason_find(&arena, str_of(codes[i]), &r))
            fail_msg("%s is gone", codes[i]);
    assert_false(reason_find(&arena, STR("no-such-reason"), &r));
    assert_false(reason_find(&arena, STR(""), &r));
    assert_false(reason_find(&arena, STR("windows\0"), &r));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code),
        cmocka_unit_test(test_codes_that_users_rely_on),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
