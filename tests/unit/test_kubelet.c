#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kubernetes/kubelet.h"

#define ROOT "container has runAsNonRoot and image will run as root"
#define NAME(who)                                                                                  \
    "container has runAsNonRoot and image has non-numeric user (" who                              \
    "), cannot verify user is non-root"
#define INVALID(n)                                                                                 \
    "container has runAsNonRoot and image has an invalid user id (" n                              \
    "). (Must be 1-(2147483647)): must be between 0 and 2147483647, inclusive"

static const struct kubelet_context non_root = {.run_as_non_root = true};

/* What becomes of an image with this user under runAsNonRoot; "" for "it starts". */
static void says(const char *image_user, enum kubelet_reason reason, const char *message)
{
    struct arena a = {0};
    struct str user = str_of(image_user);
    struct kubelet_answer k = kubelet_ask(&a, &non_root, &user);
    enum kubelet_verdict want = *message ? KUBELET_REFUSES : KUBELET_STARTS;
    if (k.verdict != want || k.reason != reason || !str_is(k.message, message))
        fail_msg("'%s': verdict %d, reason %d, '%.*s'", image_user, (int)k.verdict, (int)k.reason,
                 STR_ARG(k.message));
    arena_release(&a);
}

static void no_user_and_number_0_are_root(void **state)
{
    (void)state;
    static const char *const users[] = {"", "0", "0:0", ":5", ":", "00", "+0", "-0", "0:1000"};
    for (size_t i = 0; i < sizeof users / sizeof *users; i++)
        says(users[i], KUBELET_IMAGE_IS_ROOT, ROOT);
}

static void names_are_never_looked_up(void **state)
{
    (void)state;
    says("root", KUBELET_IMAGE_IS_NAME, NAME("root"));
    says("node", KUBELET_IMAGE_IS_NAME, NAME("node"));
    says("app:app", KUBELET_IMAGE_IS_NAME, NAME("app"));
    says("app:1000", KUBELET_IMAGE_IS_NAME, NAME("app"));
    says(" 5", KUBELET_IMAGE_IS_NAME, NAME(" 5"));
    says("1000 # c", KUBELET_IMAGE_IS_NAME, NAME("1000 # c"));
    says("1_000", KUBELET_IMAGE_IS_NAME, NAME("1_000"));
    says("0x10", KUBELET_IMAGE_IS_NAME, NAME("0x10"));
    says("-", KUBELET_IMAGE_IS_NAME, NAME("-"));
    says("+", KUBELET_IMAGE_IS_NAME, NAME("+"));
    says("+-1", KUBELET_IMAGE_IS_NAME, NAME("+-1"));
    says("9223372036854775808", KUBELET_IMAGE_IS_NAME, NAME("9223372036854775808"));
    says("-9223372036854775809", KUBELET_IMAGE_IS_NAME, NAME("-9223372036854775809"));
}

static void numbers_start(void **state)
{
    (void)state;
    static const char *const users[] = {
        "1000",       "1000:1000", "1000:0",
        "1000:app",   "007",       "+5",
        "2147483647", "65532:",    "0000000000000000000000000001000"};
    for (size_t i = 0; i < sizeof users / sizeof *users; i++)
        says(users[i], KUBELET_NO_REASON, "");
}

static void numbers_have_a_range(void **state)
{
    (void)state;
    says("-1", KUBELET_IMAGE_INVALID, INVALID("-1"));
    says("2147483648", KUBELET_IMAGE_INVALID, INVALID("2147483648"));
    says("4294967296:0", KUBELET_IMAGE_INVALID, INVALID("4294967296"));
    says("9223372036854775807", KUBELET_IMAGE_INVALID, INVALID("9223372036854775807"));
    says("-9223372036854775808", KUBELET_IMAGE_INVALID, INVALID("-9223372036854775808"));
}

static enum kubelet_verdict ask(struct kubelet_context context, const char *image_user,
                                enum kubelet_reason *reason)
{
    struct arena a = {0};
    struct str user = str_of(image_user);
    struct kubelet_answer k = kubelet_ask(&a, &context, image_user ? &user : NULL);
    *reason = k.reason;
    arena_release(&a);
    return k.verdict;
}

static void nothing_is_checked_without_run_as_non_root(void **state)
{
    (void)state;
    enum kubelet_reason reason;
    struct kubelet_context none = {0}, zero = {.has_user = true};
    assert_int_equal(ask(none, "", &reason), KUBELET_STARTS);
    assert_int_equal(ask(none, "root", &reason), KUBELET_STARTS);
    assert_int_equal(ask(none, NULL, &reason), KUBELET_STARTS);
    assert_int_equal(ask(zero, "1000", &reason), KUBELET_STARTS);
}

static void run_as_user_comes_before_the_image(void **state)
{
    (void)state;
    enum kubelet_reason reason;
    struct kubelet_context c = {.run_as_non_root = true, .has_user = true, .user = 1000};
    assert_int_equal(ask(c, "root", &reason), KUBELET_STARTS);
    assert_int_equal(ask(c, NULL, &reason), KUBELET_STARTS);
    c.user = -1; /* the API server would not let it through; the kubelet does not look */
    assert_int_equal(ask(c, "", &reason), KUBELET_STARTS);
    c.user = 0;
    assert_int_equal(ask(c, "1000", &reason), KUBELET_REFUSES);
    assert_int_equal(reason, KUBELET_USER_IS_ROOT);
}

static void an_unknown_image_is_not_guessed_at(void **state)
{
    (void)state;
    enum kubelet_reason reason;
    assert_int_equal(ask(non_root, NULL, &reason), KUBELET_UNKNOWN);
    assert_int_equal(reason, KUBELET_NO_REASON);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_user_and_number_0_are_root),
        cmocka_unit_test(names_are_never_looked_up),
        cmocka_unit_test(numbers_start),
        cmocka_unit_test(numbers_have_a_range),
        cmocka_unit_test(nothing_is_checked_without_run_as_non_root),
        cmocka_unit_test(run_as_user_comes_before_the_image),
        cmocka_unit_test(an_unknown_image_is_not_guessed_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
