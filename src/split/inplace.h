/* Which of the two ways, and which directories. Internal to the split. */
#ifndef SPLIT_INPLACE_H
#define SPLIT_INPLACE_H

#include "split/split.h"

/* The folder that is made where a directory has to be copied empty. */
#define INPLACE_EMPTY "/empty"

/* Is nothing built in the stage, so that another base image is all that it takes? */
bool inplace_is_possible(struct split *sp);
/* The directories that are to be the user's. */
void inplace_own(struct split *sp);

#endif
