/* A folder of its own for each test of io, and a few looks into it. */
#ifndef UNIT_IO_FIXTURE_H
#define UNIT_IO_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"

enum { CAP = 1 << 16 };

struct fixture {
    struct arena arena;
    char dir[64];
    char back[4096];
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    strcpy(f->dir, "/tmp/unroot-io-XXXXXX");
    if (!getcwd(f->back, sizeof f->back) || !mkdtemp(f->dir) || chdir(f->dir))
        return -1;
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

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static struct io_error read_it(struct fixture *f, const char *path, struct io_file *out)
{
    return io_read(&f->arena, io_path_of(path), CAP, out);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
