/* Directories that the program may write to. Internal to the split. */
#ifndef SPLIT_DIRS_H
#define SPLIT_DIRS_H

#include "split/split.h"

/* Calls split_own() for each. */
void dirs_collect(struct split *sp);

#endif
