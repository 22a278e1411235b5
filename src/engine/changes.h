/*
 * The files of the build context that a rewrite changes: from declared edits to new bytes and
 * patches.
 */
#ifndef ENGINE_CHANGES_H
#define ENGINE_CHANGES_H

#include "unit/outcome.h"

struct changes {
    struct ur_file *v; /* sorted by path */
    size_t n, cap;
    struct outcome_change *edits; /* what was edited in each */
};

/* Makes the new bytes of every file that has edits, and shows them to whoever asks the unit's
 * context from now on. NULL, or what is wrong with the edits; then nothing has changed. */
const char *changes_make(struct unit *u, struct changes *out);
/* The patches of all of them. */
struct str changes_patch(struct arena *a, const struct changes *c);

#endif
