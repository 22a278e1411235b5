#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <time.h>

#include "verify/spawn.h"

static struct spawn_end sh(struct arena *a, const char *script, struct spawn_job job)
{
    const char *argv[] = {"sh", "-c", script, NULL};
    job.program = "/bin/sh";
    job.argv = argv;
    if (!job.seconds)
        job.seconds = 20;
    if (!job.keep)
        job.keep = 1000;
    return spawn_run(a, NULL, &job);
}

static void output_and_exit_status(void **state)
{
    (void)state;
    struct arena a = {0};
    struct spawn_end end = sh(&a, "echo out; echo err >&2; exit 3", (struct spawn_job){0});
    assert_int_equal(end.why, SPAWN_ENDED);
    assert_int_equal(end.code, 3);
    assert_true(str_is(end.out, "out\n"));
    assert_true(str_is(end.err, "err\n"));
    assert_null(end.message);
    end = sh(&a, "echo out; echo err >&2", (struct spawn_job){.merged = true});
    assert_true(spawn_ok(&end));
    assert_true(str_is(end.out, "out\nerr\n"));
    assert_int_equal(end.err.n, 0);
    arena_release(&a);
}

static void input_larger_than_a_pipe(void **state)
{
    (void)state;
    struct arena a = {0};
    size_t n = 3 << 20;
    char *text = arena_bytes(&a, n);
    memset(text, 'x', n);
    struct spawn_job job = {.input = str_make(text, n)};
    struct spawn_end end = sh(&a, "wc -c | tr -d ' '", job);
    assert_true(str_is(end.out, "3145728\n"));
    end = sh(&a, "exit 0", job); /* it does not read */
    assert_true(spawn_ok(&end));
    end = sh(&a, "cat", (struct spawn_job){0}); /* nothing to read is an end, not a wait */
    assert_true(spawn_ok(&end));
    arena_release(&a);
}

static void output_is_capped_at_either_end(void **state)
{
    (void)state;
    struct arena a = {0};
    const char *many = "i=0; while [ $i -lt 20000 ]; do echo line$i; i=$((i+1)); done";
    struct spawn_end end = sh(&a, many, (struct spawn_job){.keep = 12});
    assert_true(str_is(end.out, "line0\nline1\n"));
    end = sh(&a, many, (struct spawn_job){.keep = 10, .tail = true});
    assert_true(str_is(end.out, "line19999\n"));
    end = sh(&a, "echo short", (struct spawn_job){.keep = 100, .tail = true});
    assert_true(str_is(end.out, "short\n"));
    arena_release(&a);
}

static void what_can_not_be_started(void **state)
{
    (void)state;
    struct arena a = {0};
    const char *argv[] = {"none", NULL};
    struct spawn_job job = {.program = "/nonexistent/none", .argv = argv, .seconds = 5, .keep = 10};
    struct spawn_end end = spawn_run(&a, NULL, &job);
    assert_int_equal(end.why, SPAWN_NOT_STARTED);
    assert_non_null(end.message);
    arena_release(&a);
}

static void a_deadline_takes_the_whole_group_along(void **state)
{
    (void)state;
    struct arena a = {0};
    time_t begin = time(NULL);
    struct spawn_end end =
        sh(&a, "sleep 50 & echo $!; wait", (struct spawn_job){.seconds = 1, .keep = 100});
    assert_int_equal(end.why, SPAWN_TOO_LONG);
    assert_int_equal(end.code, -1);
    assert_non_null(end.message);
    assert_true(time(NULL) - begin < 15);
    uint64_t pid;
    assert_true(str_to_u64(str_trim(end.out), 1 << 30, &pid));
    for (int i = 0; i < 100 && kill((pid_t)pid, 0) == 0; i++) {
        struct timespec nap = {0, 20000000};
        nanosleep(&nap, NULL);
    }
    assert_int_equal(kill((pid_t)pid, 0), -1);
    arena_release(&a);
}

static void what_cleans_up_itself_is_not_ended_itself(void **state)
{
    (void)state;
    struct arena a = {0};
    const char *script = "trap 'echo was asked' TERM; sh -c 'sleep 50; :' || echo cleaned up";
    struct spawn_end end = sh(&a, script, (struct spawn_job){.seconds = 1, .gentle = true});
    assert_int_equal(end.why, SPAWN_TOO_LONG);
    assert_true(str_is(end.out, "cleaned up\n"));
    /* what has no children is asked */
    end = sh(&a, "trap 'echo was asked; exit' TERM; while :; do :; done",
             (struct spawn_job){.seconds = 1, .gentle = true});
    assert_true(str_is(end.out, "was asked\n"));
    arena_release(&a);
}

static void a_grandchild_that_holds_the_pipe_is_not_waited_for(void **state)
{
    (void)state;
    struct arena a = {0};
    time_t begin = time(NULL);
    struct spawn_end end = sh(&a, "sleep 4 & echo done", (struct spawn_job){0});
    assert_true(spawn_ok(&end));
    assert_true(str_is(end.out, "done\n"));
    assert_true(time(NULL) - begin < 15);
    arena_release(&a);
}

static void a_signal_to_the_child(void **state)
{
    (void)state;
    struct arena a = {0};
    struct spawn_end end = sh(&a, "kill -9 $$", (struct spawn_job){0});
    assert_int_equal(end.why, SPAWN_KILLED);
    assert_non_null(end.message);
    arena_release(&a);
}

static void added_variables_replace(void **state)
{
    (void)state;
    struct arena a = {0};
    const char *added[] = {"PATH=/none", "EMPTY=", NULL};
    struct spawn_end end =
        sh(&a, "echo \"$PATH ${EMPTY-unset}\"", (struct spawn_job){.added = added});
    assert_true(str_is(end.out, "/none \n"));
    arena_release(&a);
}

static void a_signal_for_us_ends_the_child(void **state)
{
    (void)state;
    struct arena a = {0};
    struct stop stop;
    const char *argv[] = {"sh", "-c", "kill -TERM $PPID; sleep 50", NULL};
    struct spawn_job job = {.program = "/bin/sh", .argv = argv, .seconds = 30, .keep = 10};
    stop_watch(&stop);
    struct spawn_end end = spawn_run(&a, &stop, &job);
    assert_int_equal(end.why, SPAWN_STOPPED);
    assert_int_equal(stop.signal, SIGTERM);
    assert_true(stop_asked(&stop));
    argv[2] = "exit 0";
    end = spawn_run(&a, &stop, &job); /* nothing new is begun */
    assert_int_equal(end.why, SPAWN_STOPPED);
    stop.ignored = true; /* but for cleaning up */
    end = spawn_run(&a, &stop, &job);
    assert_true(spawn_ok(&end));
    stop.signal = 0; /* else stop_end() would end this program */
    stop_end(&stop);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output_and_exit_status),
        cmocka_unit_test(input_larger_than_a_pipe),
        cmocka_unit_test(output_is_capped_at_either_end),
        cmocka_unit_test(what_can_not_be_started),
        cmocka_unit_test(a_deadline_takes_the_whole_group_along),
        cmocka_unit_test(what_cleans_up_itself_is_not_ended_itself),
        cmocka_unit_test(a_grandchild_that_holds_the_pipe_is_not_waited_for),
        cmocka_unit_test(a_signal_to_the_child),
        cmocka_unit_test(added_variables_replace),
        cmocka_unit_test(a_signal_for_us_ends_the_child),
    };
    signal(SIGPIPE, SIG_IGN); /* as main() does */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
