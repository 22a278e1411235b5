/* Directories that the program may write to. Internal to the split. */
#ifndef SPLIT_DIRS_H
#define SPLIT_DIRS_H

#include "split/split.h"

/* Calls split_own() for each. */
void dirs_collect(struct split *sp);

/* Does it lie in a volume of the file? */
bool dirs_is_volume(const struct split *sp, struct str path);

#endif
