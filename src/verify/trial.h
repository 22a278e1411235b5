/* trial: one container of an image, from its start to its removal, and what was seen of it. */
#ifndef VERIFY_TRIAL_H
#define VERIFY_TRIAL_H

#include "verify/image.h"
#include "verify/probe.h"
#include "verify/smell.h"

struct trial_plan {
    const char *what; /* for the container's name */
    const char *image;
    const char *const *options; /* of `run` */
    size_t option_count;
    struct probe_question question;
    bool health; /* wait for the health check */
    bool keep;   /* the container stays, stopped, for trial_find_changes() */
};

enum trial_end {
    TRIAL_NOT_STARTED, /* `error` says why */
    TRIAL_RUNNING,
    TRIAL_EXITED,
    TRIAL_UNKNOWN, /* interrupted, or the engine does not tell */
};

/* A path that is other than in the image. */
struct trial_change {
    char kind; /* 'A', 'C', 'D' as `diff` says */
    bool folder;
    bool leaf; /* nothing in it is on the list */
    struct str path;
};

struct trial {
    bool done;
    enum trial_end end;
    struct container_state state;
    struct str error;
    bool refused;     /* not started, and that by the engine: an option, not the image */
    const char *name; /* of the container */
    struct probe probe;
    struct str log; /* the end of it */
    struct smells smells;
    VEC(struct trial_change) changes;
};

struct trial trial_run(struct engine *e, const struct trial_plan *plan);
/* Tells which paths a container that was kept has written to, and removes it. */
void trial_find_changes(struct engine *e, struct trial *t);

/* Reads the output of `diff`; an entry is taken for a folder when another one lies in it. */
void trial_read_changes(struct arena *a, struct str text, struct trial *t);

/* The process that the container was started for; NULL when it was not seen. */
const struct probe_process *trial_first(const struct trial *t);

#endif
