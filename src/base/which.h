/* which: where a program lies. */
#ifndef BASE_WHICH_H
#define BASE_WHICH_H

#include "base/arena.h"

/* The absolute path of a program of this name, or NULL. Only the absolute folders of PATH are
 * searched: an empty or relative one would run a program out of the folder that we look at. */
const char *which_find(struct arena *a, const char *name);

#endif
