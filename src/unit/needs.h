/* What of the directories that a program needs is found outside of the Dockerfile's own steps. */
#ifndef UNIT_NEEDS_H
#define UNIT_NEEDS_H

#include "unit/obstacle.h"
#include "unit/owned.h"

/* Adds what the start command names, what the start script gave away as root, and what build files
 * of the tree mount. `framework`: what the frameworks found write to; with the strict profile that
 * is added, too. */
void needs_own(struct obstacles *o, struct owned *owned, struct strs *framework);

/* Does a step make the path a symbolic link? */
bool needs_link(const struct obstacles *o, struct str path);

/* Says how data that root has written is given to the user ("1000:1000"). */
void needs_migration(struct obstacles *o, struct str user, uint32_t gid);

#endif
