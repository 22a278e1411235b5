/* walk_dir: searches one folder; the inner half of walk. */
#ifndef REPO_WALK_DIR_H
#define REPO_WALK_DIR_H

#include "repo/walk.h"

/* Adds to `w` what counts in the folder of `place`. */
void walk_dir(struct walk *w, const struct walk_place *place);

#endif
