/* package.json of a project in the image, as the build context shows it. */
#ifndef SPLIT_PROJECT_H
#define SPLIT_PROJECT_H

#include "unit/unit.h"

struct project_script {
    struct str name, text;
};

struct project {
    bool seen;                                       /* it was read, and no step changes it */
    struct strs dependencies, optional, development; /* names */
    VEC(struct project_script) scripts;
    bool workspaces; /* it has packages in folders below */
};

/* The one in folder `dir` (absolute) of the finished stage. */
struct project project_read(struct unit *u, struct stage *s, struct str dir);

/* The text of a script; p is NULL when there is none. */
struct str project_script(const struct project *m, struct str name);

#endif
