/* Which stages are shipped: run somewhere, rather than used to build others. */
#ifndef UNIT_SHIP_H
#define UNIT_SHIP_H

#include "unit/unit.h"

/* Marks them in u->plans: the stages of the option "target"; else those that the tree's build files
 * name, and the last one. Stages for development are left out where there is another. Reports names
 * that no stage has. */
void ship_choose(struct unit *u);

#endif
