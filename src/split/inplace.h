/* Which of the two ways, and which directories. Internal to the split. */
#ifndef SPLIT_INPLACE_H
#define SPLIT_INPLACE_H

#include "split/split.h"

/* The folder that is made where a directory has to be copied empty. */
#define INPLACE_EMPTY "/empty"

void inplace_decide(struct split *sp);

#endif
