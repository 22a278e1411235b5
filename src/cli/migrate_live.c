/*
 * A thread of its own, because the others have better things to do: on a terminal it draws one line
 * four times a second, elsewhere it writes one every ten seconds.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "cli/migrate.h"
#include "cli/progress.h"

enum { LIVE_MS = 250, LINE_MS = 10000 };

struct migrate_live {
    struct migration *run;
    struct progress progress; /* whether there is a terminal */
    uint64_t start;
    size_t total;
    bool end, shown, started;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
};

static void put_time(char *to, size_t n, uint64_t seconds)
{
    if (seconds >= 3600)
        snprintf(to, n, "%u h %02u min", (unsigned)(seconds / 3600), (unsigned)(seconds / 60 % 60));
    else if (seconds >= 60)
        snprintf(to, n, "%u min %02u s", (unsigned)(seconds / 60), (unsigned)(seconds % 60));
    else
        snprintf(to, n, "%u s", (unsigned)seconds);
}

static void put_line(struct migrate_live *l, char *line, size_t size)
{
    struct migration *run = l->run;
    size_t done = run->done, files = run->files, kept = run->kept;
    uint64_t ms = child_now() - l->start + 1;
    char left[64] = "?", unchanged[64] = "";
    if (done > kept)
        put_time(left, sizeof left, (l->total - done) * ms / (done - kept) / 1000);
    if (kept)
        snprintf(unchanged, sizeof unchanged, "%zu as before, ", kept);
    snprintf(line, size,
             "unroot: %zu of %zu repositories, %llu files/s; %s%zu hardened, %zu refused, %zu "
             "errors; %s left",
             done, l->total, (unsigned long long)(files * 1000 / ms), unchanged,
             (size_t)run->status[MIGRATE_HARDENED], (size_t)run->status[MIGRATE_REFUSED],
             (size_t)run->status[MIGRATE_ERROR], left);
}

static void show(struct migrate_live *l)
{
    char line[512];
    put_line(l, line, sizeof line);
    fprintf(stderr, l->progress.on ? "\r\x1b[K%.79s" : "%s\n", line);
    fflush(stderr);
    l->shown = true;
}

static void *loop(void *arg)
{
    struct migrate_live *l = arg;
    pthread_mutex_lock(&l->mutex);
    while (!l->end) {
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        unsigned ms = l->progress.on ? LIVE_MS : LINE_MS;
        t.tv_sec += ms / 1000;
        t.tv_nsec += ms % 1000 * 1000000L;
        t.tv_sec += t.tv_nsec / 1000000000;
        t.tv_nsec %= 1000000000;
        if (pthread_cond_timedwait(&l->wake, &l->mutex, &t) == ETIMEDOUT && !l->end)
            show(l);
    }
    pthread_mutex_unlock(&l->mutex);
    return NULL;
}

void migrate_live_say(struct migrate_live *l, const struct cli *c, const char *name,
                      const char *text)
{
    pthread_mutex_lock(&l->mutex);
    if (l->shown && l->progress.on)
        fputs("\r\x1b[K", stderr);
    cli_error(c, "%s: %s", name, text);
    pthread_mutex_unlock(&l->mutex);
}

struct migrate_live *migrate_live_start(struct migration *run)
{
    struct migrate_live *l = arena_new(run->cli->arena, struct migrate_live);
    pthread_condattr_t attr;
    sigset_t all, before;
    *l = (struct migrate_live){.run = run,
                               .progress = progress_for(run->cli, run->names.list.n),
                               .start = child_now(),
                               .total = run->names.list.n};
    pthread_mutex_init(&l->mutex, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&l->wake, &attr);
    pthread_condattr_destroy(&attr);
    if (run->cli->options->quiet || run->cli->options->no_progress)
        return l;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    l->started = pthread_create(&l->thread, NULL, loop, l) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return l;
}

void migrate_live_end(struct migrate_live *l)
{
    pthread_mutex_lock(&l->mutex);
    l->end = true;
    pthread_cond_signal(&l->wake);
    pthread_mutex_unlock(&l->mutex);
    if (l->started)
        pthread_join(l->thread, NULL);
    if (l->shown && l->progress.on)
        fputs("\r\x1b[K", stderr);
    pthread_cond_destroy(&l->wake);
    pthread_mutex_destroy(&l->mutex);
}
