/* Stages that build on the one that is shipped. */
#ifndef UNIT_CHILDREN_H
#define UNIT_CHILDREN_H

#include "unit/obstacle.h"

/* Refuses where their steps could not go on; else notes which have to be told to. */
void children_survey(struct obstacles *o);

/* Writes a USER line into those. */
void children_stay_root(struct obstacles *o);

#endif
