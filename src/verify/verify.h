/*
 * verify: builds an image as it was and as it is rewritten, runs both, and tells what differs; then
 * runs the rewritten one under the restricted policy.
 */
#ifndef VERIFY_VERIFY_H
#define VERIFY_VERIFY_H

#include "verify/compare.h"
#include "verify/policy.h"

/* A file of the build context that is changed with the Dockerfile. */
struct verify_file {
    const char *path; /* in the context */
    struct str bytes;
};

struct verify_plan {
    const char *path; /* of the Dockerfile, as shown */
    const char *dockerfile, *context;
    size_t context_trusted; /* see struct io_path; of the context's path */
    const char *target;     /* "" for the last stage */
    bool unchanged;         /* the rewrite is the original: it is built and run once */
    struct str rewritten;
    VEC(struct verify_file) files;
    VEC(struct port_move) moves;
    VEC(struct str) reported; /* directories that were given to the user */
    VEC(const char *) build_options;

    /* what the user wants */
    VEC(const char *) run_options;
    VEC(const char *) writable;
    const char *network, *http_path, *memory;
    unsigned wait, timeout, pids;
    bool restricted, arbitrary_user, low_ports_open;
};

enum verify_verdict {
    VERIFY_SAME,
    VERIFY_DIFFERS,
    VERIFY_NO_ANSWER, /* the original can't be built or run: nothing is said of the rewrite */
    VERIFY_INTERRUPTED,
};

enum verify_restricted {
    RESTRICTED_OFF,
    RESTRICTED_OK,
    RESTRICTED_NEEDS, /* it works when the paths that were found are writable, too */
    RESTRICTED_FAILS,
};

struct verify_report {
    const struct verify_plan *plan;
    const char *engine;
    enum verify_verdict verdict;
    const char *problem;  /* NULL, or what went wrong in one sentence */
    struct str build_log; /* the end of it, when a build failed */
    struct side before, after;
    struct differences differences;
    struct compare_plan compare;
    enum verify_restricted restricted;
    const char *restricted_user; /* NULL: the image's */
    struct trial restricted_trial;
    struct differences restricted_differences;
    struct mounts mounts;
    bool needs_low_ports;    /* it works when it may listen below port 1024 */
    VEC(const char *) notes; /* what could not be seen */
};

/* What is being done, for people who wait. */
typedef void verify_say(void *ctx, const char *text);

/* Everything that it makes is in the engine's list; the caller releases that. */
void verify_run(struct engine *e, const struct verify_plan *plan, verify_say *say, void *ctx,
                struct verify_report *report);

#endif
