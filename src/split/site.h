/* Web servers that are not split: nginx. */
#ifndef SPLIT_SITE_H
#define SPLIT_SITE_H

#include "split/split.h"

/* Does the stage run the server that its image is made for, of which there is a variant that is
 * made for another user than root? Says what is offered instead of a split. */
bool site_tell(struct split *sp);

#endif
