/* What of a project's folder a program needs when it runs. Internal to the split. */
#ifndef SPLIT_PICK_H
#define SPLIT_PICK_H

#include "split/split.h"

/* Copies what a COPY from the build context brings besides sources. False when that can't be told:
 * then nothing was done. */
bool pick_data(struct split *sp, const struct stage_step *step);

#endif
