/* Running git: its output as it comes, its end, and what is said when there is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "repo/git.h"

struct fixture {
    struct arena arena;
    char dir[64];
    char real[4096];
    char back[4096];
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    strcpy(f->dir, "/tmp/unroot-git-XXXXXX");
    if (!getcwd(f->back, sizeof f->back) || !mkdtemp(f->dir) || chdir(f->dir) ||
        !getcwd(f->real, sizeof f->real))
        return -1;
    setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    int failed = chdir(f->back) || system(command);
    arena_release(&f->arena);
    free(f);
    return failed;
}

static bool collect(void *ctx, struct str bytes)
{
    buf_add(ctx, bytes);
    return true;
}

static bool stop_at_once(void *ctx, struct str bytes)
{
    *(size_t *)ctx += bytes.n;
    return false;
}

static void output_and_code(void **state)
{
    struct fixture *f = *state;
    static const char *const args[] = {"config", "--get", "x.y", NULL};
    struct buf out = buf_in(&f->arena);
    assert_int_equal(system("git init -q . && git config x.y 'a  b'"), 0);
    struct git_end end = git_run(&f->arena, ".", args, collect, &out);
    assert_true(end.ran);
    assert_int_equal(end.code, 0);
    assert_string_equal(buf_str(&out).p, "a  b\n");
    assert_int_equal(end.message.n, 0);
    end = git_run(&f->arena, "..", args, NULL, NULL);
    assert_true(end.ran);
    assert_int_equal(end.code, 1);
}

static void what_git_says_is_kept(void **state)
{
    struct fixture *f = *state;
    static const char *const args[] = {"no-such-command\x1b[31m", NULL};
    struct git_end end = git_run(&f->arena, ".", args, NULL, NULL);
    assert_true(end.ran);
    assert_int_equal(end.code, 1);
    assert_true(str_has(end.message, "no-such-command"));
    assert_true(str_chr(end.message, '\x1b') < 0);
    assert_non_null(strstr(git_refusal(&f->arena, &end), "git refuses it: "));
}

static void big_output_on_both(void **state)
{
    struct fixture *f = *state;
    /* 400 kB on each; a reader that drains one after the other would wait for ever. */
    static const char *const args[] = {"-c", "alias.x=!yes | head -c 400000 | tee /dev/stderr", "x",
                                       NULL};
    struct buf out = buf_in(&f->arena);
    struct git_end end = git_run(&f->arena, ".", args, collect, &out);
    assert_true(end.ran);
    assert_int_equal(end.code, 0);
    assert_int_equal(out.n, 400000);
    assert_in_range(end.message.n, 1000, 4096);
}

static void it_can_be_stopped(void **state)
{
    struct fixture *f = *state;
    static const char *const args[] = {"-c", "alias.x=!yes", "x", NULL};
    size_t seen = 0;
    git_run(&f->arena, ".", args, stop_at_once, &seen);
    assert_in_range(seen, 2, 64 << 10);
}

static void it_gets_no_input_and_no_signal_mask(void **state)
{
    struct fixture *f = *state;
    static const char *const args[] = {"-c", "alias.x=!cat; yes | head -n1", "x", NULL};
    struct buf out = buf_in(&f->arena);
    struct git_end end = git_run(&f->arena, ".", args, collect, &out);
    assert_int_equal(end.code, 0);
    assert_string_equal(buf_str(&out).p, "y\n");
}

static void without_git(void **state)
{
    struct fixture *f = *state;
    static const char *const args[] = {"version", NULL};
    const char *path = str_z(&f->arena, str_of(getenv("PATH")));
    setenv("PATH", "", 1);
    struct git_end end = git_run(&f->arena, ".", args, NULL, NULL);
    setenv("PATH", path, 1);
    assert_false(end.ran);
    assert_string_equal(git_refusal(&f->arena, &end), "git can't be run: it is not installed");
}

static void the_root_is_found(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(mkdir("a", 0777), 0);
    assert_int_equal(mkdir("a/b", 0777), 0);
    const char *deep = str_fmt(&f->arena, "%s/a/b", f->real).p;
    assert_null(git_root(&f->arena, deep));
    /* A folder, a file (a work tree, a submodule) or a link. */
    assert_int_equal(symlink("nowhere", "a/.git"), 0);
    assert_string_equal(git_root(&f->arena, deep), str_fmt(&f->arena, "%s/a", f->real).p);
    assert_int_equal(unlink("a/.git"), 0);
    assert_int_equal(fclose(fopen(".git", "w")), 0);
    assert_string_equal(git_root(&f->arena, deep), f->real);
    assert_string_equal(git_root(&f->arena, f->real), f->real);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(output_and_code),
        TEST(what_git_says_is_kept),
        TEST(big_output_on_both),
        TEST(it_can_be_stopped),
        TEST(it_gets_no_input_and_no_signal_mask),
        TEST(without_git),
        TEST(the_root_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
