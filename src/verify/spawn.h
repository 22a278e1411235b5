/*
 * spawn: one run of another program, without a shell: what it is given to read, what it writes (so
 * much and no more), how long it may take. It has a process group of its own, so that what it
 * started itself ends with it, and so that the terminal's Ctrl-C reaches us alone.
 */
#ifndef VERIFY_SPAWN_H
#define VERIFY_SPAWN_H

#include "base/str.h"
#include "verify/stop.h"

struct spawn_job {
    const char *program;      /* an absolute path */
    const char *const *argv;  /* ends with NULL */
    const char *const *added; /* "NAME=value" of the environment, ends with NULL; may be NULL */
    struct str input;
    unsigned seconds;
    size_t keep; /* bytes of the output */
    bool merged; /* what it writes to standard error belongs to the output, too */
    bool tail;   /* keep the end of the output, not its beginning */
    /* It cleans up when what it runs fails, but not when it is ended itself: so end only what it
     * has started, first. */
    bool gentle;
};

enum spawn_why {
    SPAWN_ENDED,       /* by itself: see `code` */
    SPAWN_NOT_STARTED, /* `message` says why */
    SPAWN_KILLED,      /* by a signal that was not ours */
    SPAWN_TOO_LONG,
    SPAWN_STOPPED, /* a signal came for us */
};

struct spawn_end {
    enum spawn_why why;
    int code; /* the exit status; -1 when there is none */
    struct str out, err;
    const char *message; /* NULL when it ended by itself */
};

/* Runs it to its end. `stop` may be NULL. */
struct spawn_end spawn_run(struct arena *a, struct stop *stop, const struct spawn_job *job);

static inline bool spawn_ok(const struct spawn_end *end)
{
    return end->why == SPAWN_ENDED && end->code == 0;
}

#endif
