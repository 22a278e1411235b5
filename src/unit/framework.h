/* The frameworks of a project, as its files in the build context show them. */
#ifndef UNIT_FRAMEWORK_H
#define UNIT_FRAMEWORK_H

#include "unit/unit.h"

/* The directories (absolute, in the image) that the frameworks found in the working directory write
 * to when they run; none without a build context. */
struct strs framework_writable(struct unit *u, struct stage *s);

#endif
