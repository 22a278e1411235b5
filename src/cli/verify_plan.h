/* verify_plan: from one rewritten file and the options to what is to be verified. */
#ifndef CLI_VERIFY_PLAN_H
#define CLI_VERIFY_PLAN_H

#include "cli/batch.h"
#include "verify/verify.h"

/* The last value of an option of verify's own; NULL when it was not given. */
const char *verify_plan_option(const struct options *o, const char *name);
/* NULL, or what is wrong with the options. */
const char *verify_plan_check(struct arena *a, const struct options *o);

/* The stages that are verified, each by itself: "" is the last one. */
struct strs_z {
    const char **v;
    size_t n, cap;
};
struct strs_z verify_plan_targets(struct batch_item *item);

/* NULL, or what is wrong. `rewritten` is the file of --rewritten, or NULL. */
const char *verify_plan_make(struct batch_item *item, const char *target,
                             const struct str *rewritten, struct verify_plan *out);

#endif
