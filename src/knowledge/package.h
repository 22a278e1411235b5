/* Packages of npm that keep caches at run time: the files of templates/packages
 * (docs/programs.md). */
#ifndef KNOWLEDGE_PACKAGE_H
#define KNOWLEDGE_PACKAGE_H

#include "base/str.h"
#include "base/vec.h"

struct package {
    VEC(struct str) writes; /* below the folder of package.json */
};

/* By its name in package.json; false when nothing is known. All lives in `a`. */
bool package_find(struct arena *a, struct str name, struct package *out);

#endif
