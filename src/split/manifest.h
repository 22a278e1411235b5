/* package.json of a project in the image, as the build context shows it. */
#ifndef SPLIT_MANIFEST_H
#define SPLIT_MANIFEST_H

#include "unit/unit.h"

struct manifest_script {
    struct str name, text;
};

struct manifest {
    bool seen;                                       /* it was read, and no step changes it */
    struct strs dependencies, optional, development; /* names */
    VEC(struct manifest_script) scripts;
    bool workspaces; /* it has packages in folders below */
};

/* The one in folder `dir` (absolute) of the finished stage. */
struct manifest manifest_read(struct unit *u, struct stage *s, struct str dir);

/* The text of a script; p is NULL when there is none. */
struct str manifest_script(const struct manifest *m, struct str name);

#endif
