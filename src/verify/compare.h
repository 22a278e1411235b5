/*
 * compare: what differs between two runs. It knows nothing of engines: it is given what was seen.
 */
#ifndef VERIFY_COMPARE_H
#define VERIFY_COMPARE_H

#include "verify/trial.h"

/* An image and its run. */
struct side {
    bool built;
    struct image image;
    struct probe still; /* what lies in it */
    struct trial trial;
};

struct port_move {
    unsigned from, to;
};

struct compare_plan {
    const struct port_move *moves; /* ports that are expected elsewhere */
    size_t move_count;
    bool bodies_vary; /* the same image answers differently from run to run */
    bool soft_log;    /* lines of the log alone make no difference */
};

struct difference {
    const char *what; /* "exit code" */
    struct str text;  /* a sentence, lower case */
    bool body;        /* it is only that of an HTTP body */
};

struct differences {
    struct arena *arena;
    VEC(struct difference) list;
};

/* What of `now` is not as it was. */
void compare_trials(struct differences *d, const struct compare_plan *plan, const struct trial *was,
                    const struct trial *now);
/* What speaks against it that this image runs as a non-root user. */
void compare_root(struct differences *d, const struct image *image, const struct trial *t);
/* What the rewritten image has that the original has not, and should not have. */
void compare_images(struct differences *d, const struct side *was, const struct side *now);

/* Where the port is after the rewrite. */
unsigned compare_moved(const struct compare_plan *plan, unsigned port);
/* A port that a program gets by chance says nothing, unless the image exposes it. */
bool compare_is_random(const struct image *image, const struct probe_port *port);
/* "running", "exit code 3", "does not start". */
struct str compare_end(struct arena *a, const struct trial *t);

#endif
