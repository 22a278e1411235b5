/* sources: what the two builds are given. */
#ifndef VERIFY_SOURCES_H
#define VERIFY_SOURCES_H

#include "verify/verify.h"
#include "verify/workdir.h"

struct source {
    const char *dockerfile, *context;
};

/* The rewritten Dockerfile lies in the work folder; the context is the user's own, or a copy of it
 * when files of it are rewritten, too. NULL, or what is wrong. */
const char *sources_make(struct workdir *w, const struct verify_plan *plan,
                         struct source *rewritten);

#endif
