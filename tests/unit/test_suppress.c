/* Comments that switch a rule off, ours and those of others; and what only looks like one. */
#include "tests/support/units.h"

#include "unit/suppress.h"

static struct arena arena;
static struct ur_options *options;

static int setup(void **state)
{
    (void)state;
    options = ur_options_new();
    return ur_options_seal(options) == UR_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    ur_options_free(options);
    arena_release(&arena);
    return 0;
}

/* The line of the comment that switches rule "nonroot-user" off; 0 when none does. */
static unsigned off_at(const char *source)
{
    struct unit *u = units_new(&arena, options, source);
    unsigned line = 4711;
    u->rule = "nonroot-user";
    u->refs = "CIS-4.1 DL3002 CKV_DOCKER_3 DS-0002 DS002 missing-user";
    return suppress_has(u, &line) ? line : 0;
}

static void off(const char *comment)
{
    if (off_at(str_fmt(&arena, "FROM a\n%s\nCMD b\n", comment).p) != 2)
        fail_msg("is not seen: %s", comment);
}

static void on(const char *comment)
{
    unsigned line = off_at(str_fmt(&arena, "FROM a\n%s\nCMD b\n", comment).p);
    if (line)
        fail_msg("switches it off in line %u: %s", line, comment);
}

static void test_ours(void **state)
{
    (void)state;
    off("# unroot: ignore=nonroot-user");
    off("# unroot: ignore=nonroot-user it must be root");
    off("#unroot:ignore=copy-chown,nonroot-user");
    off("   # unroot: ignore=nonroot-user\r");
    off("# unroot: ignore=DL3002");
    on("# unroot: ignore=copy-chown");
    on("# unroot: ignore=nonroot");
    on("# unroot: ignore=nonroot-users");
    on("# unroot: ignore=");
    on("# nonroot-user");
    on("# unroot ignore=nonroot-user");
}

static void test_others(void **state)
{
    (void)state;
    off("# hadolint ignore=DL3002");
    off("# hadolint ignore=DL3008,DL3002");
    off("# hadolint global ignore=dl3002");
    off("# trivy:ignore:DS002");
    off("# trivy:ignore:DS-0002");
    off("# checkov:skip=CKV_DOCKER_3:the base needs it");
    off("# nosemgrep: dockerfile.security.missing-user.missing-user");
    off("# tally ignore=hadolint/DL3002;reason=x");
    off("# check=skip=DL3002");
    on("# hadolint ignore=DL30021");
    on("# hadolint ignore=DL3008");
    on("# trivy:ignore:DS001");
    on("# checkov:skip=CKV_DOCKER_33");
    on("# nosemgrep: dockerfile.security.not-missing-user");
    on("# see DL3002");
}

static void test_places(void **state)
{
    (void)state;
    assert_int_equal(off_at("# unroot: ignore=nonroot-user\nFROM a\n"), 1);
    assert_int_equal(off_at("FROM a\nCMD b\n\n# unroot: ignore=nonroot-user"), 4);
    assert_int_equal(off_at("FROM a\nRUN b \\\n  # unroot: ignore=nonroot-user\n  c\n"), 3);
    assert_int_equal(off_at("FROM a\n# x\n# y\n# unroot: ignore=nonroot-user\nCMD b\n"), 4);
    /* not in a command, a heredoc, or behind an instruction */
    assert_int_equal(off_at("FROM a\nRUN echo '# unroot: ignore=nonroot-user'\n"), 0);
    assert_int_equal(off_at("FROM a\nRUN <<E\n# unroot: ignore=nonroot-user\nE\n"), 0);
    assert_int_equal(off_at("FROM a\nUSER b # unroot: ignore=nonroot-user\n"), 0);
    assert_int_equal(off_at("FROM a\nCMD b\n"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ours),
        cmocka_unit_test(test_others),
        cmocka_unit_test(test_places),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
