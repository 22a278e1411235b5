/*
 * What npm, yarn and pnpm install for a stage, in it and in the stages that it is made of, and
 * whether that needs more than node.
 */
#ifndef SPLIT_MODULES_H
#define SPLIT_MODULES_H

#include "split/split.h"

struct modules {
    bool installs;    /* some step does */
    bool development; /* with what only development needs, and that is not taken out again */
    bool portable;    /* proven: there is no compiled code among them */
    bool known;       /* proven: all are of those that need nothing else */
    struct strs dirs; /* absolute: the folders of the author's stage in which its steps install */
    struct stage_path pruned; /* the one folder in which development packages are, in the author's
                                 own stage, installed by npm with a lock file */
};

/* Looks at them; refuses what needs more, and says what the rest rests on. */
struct modules modules_read(struct split *sp);

#endif
