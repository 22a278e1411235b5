/* Order, the bound on what runs ahead, early stop, and that -j1 makes no thread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "base/pool.h"
#include "base/str.h"

struct slot {
    struct arena arena;
    struct str text;
    size_t uses;
};

struct run {
    size_t next;         /* the index that emit must see */
    size_t stop_at;      /* emit says stop at this index */
    atomic_size_t begun; /* jobs that work has seen */
    atomic_size_t emitted;
    atomic_size_t ahead; /* the largest distance seen */
    atomic_int workers, slots_freed;
    pthread_t caller;
    atomic_bool other_thread; /* work ran elsewhere than on the calling thread */
    bool slow_first;
};

static void nap(long ns)
{
    nanosleep(&(struct timespec){0, ns}, NULL);
}

static void work(void *ctx, void *worker, size_t index, void *slot)
{
    struct run *r = ctx;
    struct slot *s = slot;
    size_t *count = worker;
    size_t ahead = atomic_fetch_add(&r->begun, 1) + 1 - atomic_load(&r->emitted);
    size_t seen = atomic_load(&r->ahead);
    while (ahead > seen && !atomic_compare_exchange_weak(&r->ahead, &seen, ahead))
        ;
    (*count)++;
    if (r->slow_first && index == 0)
        nap(50000000);
    if (index % 7 == 3)
        nap(200000);
    arena_reset(&s->arena);
    s->uses++;
    s->text = str_fmt(&s->arena, "job %zu", index);
}

static bool emit(void *ctx, size_t index, void *slot)
{
    struct run *r = ctx;
    struct slot *s = slot;
    char want[32];
    assert_true(pthread_equal(pthread_self(), r->caller));
    assert_int_equal(index, r->next++);
    snprintf(want, sizeof want, "job %zu", index);
    assert_true(str_is(s->text, want));
    atomic_fetch_add(&r->emitted, 1);
    return index != r->stop_at;
}

static void *worker_new(void *ctx)
{
    struct run *r = ctx;
    atomic_fetch_add(&r->workers, 1);
    if (!pthread_equal(pthread_self(), r->caller))
        r->other_thread = true;
    return calloc(1, sizeof(size_t));
}

static void slot_free(void *slot)
{
    arena_release(&((struct slot *)slot)->arena);
}

static struct pool_plan plan_for(struct run *r, size_t jobs, unsigned threads)
{
    r->caller = pthread_self();
    return (struct pool_plan){.jobs = jobs,
                              .threads = threads,
                              .slot_size = sizeof(struct slot),
                              .ctx = r,
                              .work = work,
                              .emit = emit,
                              .worker_new = worker_new,
                              .worker_free = free,
                              .slot_free = slot_free};
}

static void every_job_once_and_in_order(void **state)
{
    (void)state;
    static const size_t jobs[] = {0, 1, 2, 3, 7, 8, 9, 100, 1000};
    for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++)
        for (unsigned threads = 0; threads < 10; threads += 3) {
            struct run r = {.stop_at = SIZE_MAX};
            struct pool_plan plan = plan_for(&r, jobs[i], threads);
            assert_true(pool_run(&plan));
            assert_int_equal(r.next, jobs[i]);
            assert_int_equal(r.begun, jobs[i]);
        }
}

static void one_thread_is_the_calling_thread(void **state)
{
    (void)state;
    struct run r = {.stop_at = SIZE_MAX};
    struct pool_plan plan = plan_for(&r, 20, 1);
    assert_true(pool_run(&plan));
    assert_false(r.other_thread);
    assert_int_equal(r.workers, 1);
    assert_int_equal(r.ahead, 1);
}

static void workers_wait_for_the_slowest(void **state)
{
    (void)state;
    struct run r = {.stop_at = SIZE_MAX, .slow_first = true};
    struct pool_plan plan = plan_for(&r, 500, 4);
    assert_true(pool_run(&plan));
    assert_int_equal(r.next, 500);
    /* Four slots a thread; the one being emitted may already have been counted. */
    assert_in_range(r.ahead, 2, 4 * 4 + 1);
}

static void stop_ends_it_and_frees_everything(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 4; threads += 3) {
        struct run r = {.stop_at = 10};
        struct pool_plan plan = plan_for(&r, 100000, threads);
        assert_false(pool_run(&plan));
        assert_int_equal(r.next, 11);
        assert_in_range(r.begun, 11, 11 + 4 * 4 + 1);
    }
}

static void no_more_threads_than_jobs(void **state)
{
    (void)state;
    struct run r = {.stop_at = SIZE_MAX};
    struct pool_plan plan = plan_for(&r, 3, 64);
    assert_true(pool_run(&plan));
    assert_in_range(r.workers, 1, 3);
}

static void plain_work(void *ctx, void *worker, size_t index, void *slot)
{
    (void)worker, (void)slot;
    atomic_fetch_add((atomic_size_t *)ctx, index);
}

static bool plain_emit(void *ctx, size_t index, void *slot)
{
    (void)ctx, (void)index, (void)slot;
    return true;
}

static void everything_optional_left_out(void **state)
{
    (void)state;
    atomic_size_t sum = 0;
    struct pool_plan plan = {
        .jobs = 101, .threads = 5, .ctx = &sum, .work = plain_work, .emit = plain_emit};
    assert_true(pool_run(&plan));
    assert_int_equal(sum, 5050);
}

static void there_is_a_processor(void **state)
{
    (void)state;
    assert_in_range(pool_processors(), 1, 4096);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_job_once_and_in_order),
        cmocka_unit_test(one_thread_is_the_calling_thread),
        cmocka_unit_test(workers_wait_for_the_slowest),
        cmocka_unit_test(stop_ends_it_and_frees_everything),
        cmocka_unit_test(no_more_threads_than_jobs),
        cmocka_unit_test(everything_optional_left_out),
        cmocka_unit_test(there_is_a_processor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
