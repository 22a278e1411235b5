#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "verify/probe.h"

#define LIVE                                                                                       \
    "unroot-probe 1\n"                                                                             \
    "process 1 uid 0 1000 0 1000 gid 5 6 7 8 groups 5 20  caps 0000000000000400 bounding "         \
    "00000000a80425fb nnp 1 name a\\040b\n"                                                        \
    "process 20 uid 101 101 101 101 gid 1 1 1 1 groups  caps 0 bounding 0 nnp 0 name c\n"          \
    "listen tcp 80 any\nlisten udp 53 loopback\n"                                                  \
    "http 80 200 615 aa 200 616 bb\n"                                                              \
    "done\n"

static void a_running_container(void **state)
{
    (void)state;
    struct arena a = {0};
    struct probe p = probe_read(&a, STR(LIVE));
    assert_true(p.whole);
    assert_null(p.problem);
    assert_int_equal(p.processes.n, 2);
    const struct probe_process *first = &p.processes.v[0];
    assert_int_equal(first->pid, 1);
    assert_int_equal(first->uid[1], 1000);
    assert_int_equal(first->uid[2], 0);
    assert_int_equal(first->gid[3], 8);
    assert_true(str_is(first->groups, "5 20"));
    assert_int_equal(first->caps, 0x400);
    assert_true(first->no_new_privileges);
    assert_true(str_is(first->name, "a b"));
    assert_int_equal(p.processes.v[1].groups.n, 0);
    assert_int_equal(p.ports.n, 2);
    assert_true(p.ports.v[0].asked && !p.ports.v[0].loopback);
    assert_int_equal(p.ports.v[0].size[1], 616);
    assert_true(str_is(p.ports.v[0].sum[0], "aa"));
    assert_true(p.ports.v[1].udp && p.ports.v[1].loopback && !p.ports.v[1].asked);
    arena_release(&a);
}

static void an_image(void **state)
{
    (void)state;
    struct arena a = {0};
    struct probe p = probe_read(&a, STR("unroot-probe 1\n"
                                        "setid 4755 0 0 /bin/su\n"
                                        "setid 4755 0 0 /.unroot-probe\n"
                                        "shell /bin/sh\n"
                                        "folder full /app\nfolder none /x\nfolder file /y\n"
                                        "self uid 65532 gid 0 groups 1 2\n"
                                        "done\n"));
    assert_true(p.whole);
    assert_int_equal(p.setid.n, 1);
    assert_int_equal(p.setid.v[0].mode, 04755);
    assert_int_equal(p.shells.n, 1);
    assert_int_equal(p.folders.n, 3);
    assert_int_equal(p.folders.v[0].kind, PROBE_FULL);
    assert_int_equal(p.folders.v[1].kind, PROBE_NONE);
    assert_int_equal(p.folders.v[2].kind, PROBE_FILE);
    assert_true(p.self_known);
    assert_int_equal(p.self.uid[3], 65532);
    assert_true(str_is(p.self.groups, "1 2"));
    arena_release(&a);
}

/* Cut anywhere it neither crashes nor says that it is whole. */
static void half_an_answer(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof LIVE - 2; n++) {
        struct arena a = {0};
        struct probe p = probe_read(&a, str_make(LIVE, n));
        if (p.whole && n < sizeof LIVE - 2)
            fail_msg("whole after %zu bytes", n);
        arena_release(&a);
    }
}

static void a_strangers_words(void **state)
{
    (void)state;
    struct arena a = {0};
    struct probe p = probe_read(&a, STR("hello\nprocess 1\n"));
    assert_non_null(p.problem);
    assert_int_equal(p.processes.n, 0);
    p = probe_read(&a,
                   STR("unroot-probe 1\nprocess\nprocess x uid 1 1 1 1 gid 1 1 1 1 groups caps 0 "
                       "bounding 0 nnp 0 name\nlisten tcp 70000 any\nlisten tcp 0 any\nhttp 7\n"
                       "self uid x gid 0 groups\nsetid\nfolder\nshell \033[2J\nunknown\ndone\n"));
    assert_true(p.whole);
    assert_int_equal(p.processes.n, 0);
    assert_int_equal(p.ports.n, 0);
    assert_false(p.self_known);
    assert_null(memchr(p.shells.v[0].p, 033, p.shells.v[0].n));
    arena_release(&a);
}

/* tar itself reads it. */
static void a_tar(void **state)
{
    (void)state;
    struct arena a = {0};
    char folder[] = "/tmp/unroot-tar-XXXXXX", path[64], command[256];
    struct str bytes = STR("#!/bin/sh\necho it runs\n");
    struct str tar = probe_tar(&a, "program", bytes);
    assert_int_equal(tar.n % 512, 0);
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/x.tar", folder);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(tar.p, 1, tar.n, f), tar.n);
    fclose(f);
    snprintf(
        command, sizeof command,
        "cd %s && tar -xf x.tar && [ \"$(./program)\" = 'it runs' ] && [ $(stat -c %%a program) = 555 ]",
        folder);
    assert_int_equal(system(command), 0);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_running_container),
        cmocka_unit_test(an_image),
        cmocka_unit_test(half_an_answer),
        cmocka_unit_test(a_strangers_words),
        cmocka_unit_test(a_tar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
