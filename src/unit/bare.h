/*
 * Images without a shell: nothing can be given to the user by chown there. But COPY --chown gives
 * away what it makes, so that a copy of an empty directory, in front of whatever would make it as
 * root's, makes one that is the user's on every builder.
 */
#ifndef UNIT_BARE_H
#define UNIT_BARE_H

#include "unit/owned.h"

struct bare {
    struct strs dirs;       /* to be made so */
    struct df_item *before; /* the first instruction that could make them */
};

/* Takes the directories that can be made so, and those that are the user's already, out of `o`. */
void bare_take(struct unit *u, struct stage *s, const struct identity *user, struct owned *o,
               struct bare *out);

/* Writes the instructions; `owner` is "1000:1000". */
void bare_write(struct unit *u, struct stage *s, const struct bare *b, struct str owner);

#endif
