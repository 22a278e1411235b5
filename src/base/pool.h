/*
 * pool: many independent jobs on several threads, their results handed back in order.
 *
 * Jobs are taken in the order of their index. A result is a slot: memory of the caller's choice
 * (typically an arena and what points into it) that a worker fills and `emit` reads. There are a
 * few slots for each thread and no more, so memory does not grow with the number of jobs; a worker
 * that would run too far ahead of the slowest job waits.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stdbool.h>
#include <stddef.h>

struct pool_plan {
    size_t jobs;      /* indices 0 .. jobs - 1 */
    unsigned threads; /* 0 and 1: everything on the calling thread, in turn */
    size_t slot_size;
    void *ctx; /* for the callbacks; they share it, so what workers use of it must not change */

    /* Does job `index`; runs on any thread, on one thread per slot at a time. The slot is zeroed
     * at first and comes back as emit left it. `worker` is what worker_new returned. */
    void (*work)(void *ctx, void *worker, size_t index, void *slot);
    /* Takes result `index`; runs on the calling thread, strictly in order. False: stop, start no
     * further job and emit no further result. */
    bool (*emit)(void *ctx, size_t index, void *slot);

    /* All optional. A worker's own memory is made and freed on its thread; slot_free is called
     * for every slot at the end, on the calling thread. */
    void *(*worker_new)(void *ctx);
    void (*worker_free)(void *worker);
    void (*slot_free)(void *slot);
};

/* Runs all jobs. False when emit has said stop. */
bool pool_run(const struct pool_plan *plan);

/* The number of processors that this process may use, at least 1. */
unsigned pool_processors(void);

#endif
