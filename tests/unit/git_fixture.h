/* A folder of its own to make repositories in, with git's configuration out of the way. */
#ifndef TESTS_GIT_FIXTURE_H
#define TESTS_GIT_FIXTURE_H

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

struct fixture {
    struct arena arena;
    char dir[64];
    char back[4096];
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    strcpy(f->dir, "/tmp/unroot-unit-XXXXXX");
    if (!getcwd(f->back, sizeof f->back) || !mkdtemp(f->dir) || chdir(f->dir))
        return -1;
    signal(SIGPIPE, SIG_IGN); /* as the program does */
    setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    setenv("GIT_AUTHOR_NAME", "A", 1), setenv("GIT_AUTHOR_EMAIL", "a@b.c", 1);
    setenv("GIT_COMMITTER_NAME", "C", 1), setenv("GIT_COMMITTER_EMAIL", "c@b.c", 1);
    setenv("GIT_AUTHOR_DATE", "1700000000 +0100", 1);
    setenv("GIT_COMMITTER_DATE", "1700000001 +0130", 1);
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

/* Runs a line of shell and fails the test when it fails. */
static inline void sh(const char *line)
{
    if (system(line) != 0)
        fail_msg("failed: %s", line);
}

/* What it prints, without the last line end. */
static inline const char *sh_text(struct arena *a, const char *line)
{
    struct buf b = buf_in(a);
    char block[4096];
    FILE *p = popen(line, "r");
    size_t n;
    assert_non_null(p);
    while ((n = fread(block, 1, sizeof block, p)) > 0)
        buf_add(&b, str_make(block, n));
    assert_int_equal(pclose(p), 0);
    return str_z(a, str_trim(buf_str(&b)));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
