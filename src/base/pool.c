/*
 * The slots are a ring: job i lives in slot i % slots. One mutex guards three counters and the done
 * marks of the ring. `taken` runs ahead of `emitted` by at most the number of slots; that is the
 * whole flow control. Two conditions: a worker waits for room, the calling thread for the next
 * result.
 */
#include "base/pool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

#include "base/bug.h"

enum { SLOTS_PER_THREAD = 4, THREADS_MAX = 256 };

struct pool {
    const struct pool_plan *plan;
    size_t slots;
    char *memory; /* the slots */
    bool *done;   /* by slot: filled and not yet emitted */
    size_t taken, emitted;
    bool stop;
    pthread_mutex_t mutex;
    pthread_cond_t room, result;
};

static void *allocate(size_t n, size_t size)
{
    /* A slot of no bytes is a slot all the same. */
    void *p = calloc(n, size ? size : 1);
    if (!p)
        bug_out_of_memory(n * size);
    return p;
}

static void *slot_of(const struct pool *p, size_t job)
{
    return p->memory + job % p->slots * p->plan->slot_size;
}

static void *worker_new(const struct pool_plan *plan)
{
    return plan->worker_new ? plan->worker_new(plan->ctx) : NULL;
}

static void worker_free(const struct pool_plan *plan, void *worker)
{
    if (plan->worker_free)
        plan->worker_free(worker);
}

/* Waits until a job may be started. False when there is none left or the pool stops. */
static bool take(struct pool *p, size_t *job)
{
    pthread_mutex_lock(&p->mutex);
    while (!p->stop && p->taken < p->plan->jobs && p->taken - p->emitted >= p->slots)
        pthread_cond_wait(&p->room, &p->mutex);
    bool ok = !p->stop && p->taken < p->plan->jobs;
    if (ok)
        *job = p->taken++;
    pthread_mutex_unlock(&p->mutex);
    return ok;
}

static void finish(struct pool *p, size_t job)
{
    pthread_mutex_lock(&p->mutex);
    p->done[job % p->slots] = true;
    if (job == p->emitted)
        pthread_cond_signal(&p->result);
    pthread_mutex_unlock(&p->mutex);
}

static void *run_worker(void *arg)
{
    struct pool *p = arg;
    void *worker = worker_new(p->plan);
    size_t job;
    while (take(p, &job)) {
        p->plan->work(p->plan->ctx, worker, job, slot_of(p, job));
        finish(p, job);
    }
    worker_free(p->plan, worker);
    return NULL;
}

static void wait_for(struct pool *p, size_t job)
{
    pthread_mutex_lock(&p->mutex);
    while (!p->done[job % p->slots])
        pthread_cond_wait(&p->result, &p->mutex);
    pthread_mutex_unlock(&p->mutex);
}

static void release(struct pool *p, size_t job, bool stop)
{
    pthread_mutex_lock(&p->mutex);
    p->done[job % p->slots] = false;
    p->emitted = job + 1;
    p->stop = stop;
    if (stop)
        pthread_cond_broadcast(&p->room);
    else
        pthread_cond_signal(&p->room);
    pthread_mutex_unlock(&p->mutex);
}

/* Starts up to `want` workers with all signals held back: those belong to the calling thread. The
 * system may give fewer. */
static unsigned start(struct pool *p, pthread_t *threads, unsigned want)
{
    sigset_t all, before;
    unsigned n = 0;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    while (n < want && pthread_create(&threads[n], NULL, run_worker, p) == 0)
        n++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return n;
}

static bool run_inline(struct pool *p)
{
    const struct pool_plan *plan = p->plan;
    void *worker = worker_new(plan), *slot = p->memory;
    bool go = true;
    for (size_t i = 0; go && i < plan->jobs; i++) {
        plan->work(plan->ctx, worker, i, slot);
        go = plan->emit(plan->ctx, i, slot);
    }
    worker_free(plan, worker);
    return go;
}

static bool run_threads(struct pool *p, unsigned want)
{
    pthread_t threads[THREADS_MAX];
    unsigned n = start(p, threads, want);
    bool go = true;
    if (!n)
        return run_inline(p);
    for (size_t i = 0; go && i < p->plan->jobs; i++) {
        wait_for(p, i);
        go = p->plan->emit(p->plan->ctx, i, slot_of(p, i));
        release(p, i, !go);
    }
    for (unsigned i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
    return go;
}

static unsigned threads_for(const struct pool_plan *plan)
{
    unsigned n = plan->threads < THREADS_MAX ? plan->threads : THREADS_MAX;
    return n < plan->jobs ? n : (unsigned)plan->jobs;
}

bool pool_run(const struct pool_plan *plan)
{
    unsigned threads = threads_for(plan);
    struct pool p = {.plan = plan, .slots = threads > 1 ? (size_t)threads * SLOTS_PER_THREAD : 1};
    p.memory = allocate(p.slots, plan->slot_size);
    p.done = allocate(p.slots, sizeof *p.done);
    pthread_mutex_init(&p.mutex, NULL);
    pthread_cond_init(&p.room, NULL);
    pthread_cond_init(&p.result, NULL);
    bool go = threads > 1 ? run_threads(&p, threads) : run_inline(&p);
    for (size_t i = 0; plan->slot_free && i < p.slots; i++)
        plan->slot_free(slot_of(&p, i));
    pthread_cond_destroy(&p.result);
    pthread_cond_destroy(&p.room);
    pthread_mutex_destroy(&p.mutex);
    free(p.done);
    free(p.memory);
    return go;
}

unsigned pool_processors(void)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return n > 0 ? (unsigned)n : 1;
}
