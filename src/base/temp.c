/*
 * The only mutable globals of the program are here, because a signal handler has no other way to
 * find what to clean up: a table of the temporary files that exist at this moment.
 *
 * An entry is written by its owner while it is OPENING, and read by the handler once it is ARMED.
 * The handler first says that the program is ending, then waits for those that are OPENING: an
 * owner that comes later sees the word and makes no file. An owner holds signals back while it is
 * OPENING, so that the handler never waits for the thread it interrupted.
 */
#include "base/temp.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/sys.h"

enum { SLOTS = 256, TRIES = 16 };
enum slot_state { SLOT_FREE, SLOT_OPENING, SLOT_ARMED };

struct slot {
    atomic_int state;
    int dir;
    char name[sizeof((struct temp *)0)->name];
};

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { N_SIGNALS = sizeof signals / sizeof *signals };

static struct slot slots[SLOTS];
static atomic_bool ending;

static int slot_take(void)
{
    for (int i = 0; i < SLOTS; i++) {
        int state = SLOT_FREE;
        if (atomic_compare_exchange_strong(&slots[i].state, &state, SLOT_OPENING))
            return i;
    }
    return -1;
}

static void slot_free(struct temp *t)
{
    if (t->slot >= 0)
        atomic_store(&slots[t->slot].state, SLOT_FREE);
    t->slot = -1;
}

static void slot_arm(const struct temp *t)
{
    if (t->slot < 0)
        return;
    slots[t->slot].dir = t->dir;
    memcpy(slots[t->slot].name, t->name, sizeof t->name);
    atomic_store(&slots[t->slot].state, SLOT_ARMED);
}

static bool random_name(char name[40])
{
    uint64_t r[2];
    if (getrandom(r, sizeof r, 0) != sizeof r)
        return false;
    snprintf(name, 40, ".u%016llx%016llx.tmp", (unsigned long long)r[0], (unsigned long long)r[1]);
    return true;
}

/* 0 or an errno. */
static int create(struct temp *t, mode_t mode)
{
    int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    for (int i = 0; i < TRIES; i++) {
        if (!random_name(t->name))
            return EIO;
        t->fd = sys_openat(t->dir, t->name, flags, mode);
        if (t->fd >= 0)
            return 0;
        if (errno != EEXIST)
            return errno;
    }
    return EEXIST;
}

static void wait_for_the_end(void)
{
    for (;;)
        pause();
}

int temp_open(struct temp *t, int dir, mode_t mode)
{
    sigset_t held, before;
    sigemptyset(&held);
    for (size_t i = 0; i < N_SIGNALS; i++)
        sigaddset(&held, signals[i]);
    pthread_sigmask(SIG_BLOCK, &held, &before);
    *t = (struct temp){.fd = -1, .dir = dir, .slot = slot_take()};
    bool end = atomic_load(&ending);
    int error = end ? EINTR : create(t, mode);
    if (error)
        slot_free(t);
    else
        slot_arm(t);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (end)
        wait_for_the_end();
    return error;
}

int temp_write(struct temp *t, const void *bytes, size_t n)
{
    const char *p = bytes;
    while (n) {
        ssize_t done = sys_write(t->fd, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return done < 0 ? errno : EIO;
        p += done;
        n -= (size_t)done;
    }
    return 0;
}

int temp_finish(struct temp *t)
{
    int error = sys_fsync(t->fd) ? errno : 0;
    /* Network file systems report a full disk only here. */
    if (sys_close(t->fd) && !error)
        error = errno;
    t->fd = -1;
    return error;
}

int temp_commit(struct temp *t, const char *name)
{
    if (sys_renameat(t->dir, t->name, t->dir, name)) {
        int error = errno;
        temp_discard(t);
        return error;
    }
    slot_free(t);
    return 0;
}

void temp_discard(struct temp *t)
{
    if (t->fd >= 0)
        close(t->fd);
    t->fd = -1;
    unlinkat(t->dir, t->name, 0);
    slot_free(t);
}

static void on_signal(int signal)
{
    int saved = errno;
    atomic_store(&ending, true);
    for (int i = 0; i < SLOTS; i++) {
        while (atomic_load(&slots[i].state) == SLOT_OPENING)
            poll(NULL, 0, 1);
        if (atomic_load(&slots[i].state) == SLOT_ARMED)
            unlinkat(slots[i].dir, slots[i].name, 0);
    }
    errno = saved;
    /* SA_RESETHAND has put the default action back: this ends the program as its parent expects. */
    raise(signal);
}

void temp_catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < N_SIGNALS; i++)
        sigaddset(&action.sa_mask, signals[i]);
    for (size_t i = 0; i < N_SIGNALS; i++) {
        struct sigaction before;
        if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
    }
}
