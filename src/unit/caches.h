/*
 * Caches below node_modules and the like: directories that a program makes next to the code, where
 * a RUN step has left the directory above, or the cache itself, to root.
 */
#ifndef UNIT_CACHES_H
#define UNIT_CACHES_H

#include "unit/obstacle.h"
#include "unit/owned.h"

/* Adds those that what starts is known to write, each with everything in it, and says so in the
 * assumptions of `o`. Only where the user is given a directory anyway. */
void caches_add(struct obstacles *o, struct owned *owned);

#endif
