/*
 * Folders whose owner decides as whom npm's scripts run: "When npm is run as root, scripts are
 * always run with the effective uid and gid of the working directory owner" (npm 7 and 8,
 * "scripts", section User).
 */
#ifndef UNIT_NPM_H
#define UNIT_NPM_H

#include "unit/unit.h"

/* Does the COPY or ADD of stage `s` make a folder in which a later RUN step uses such an npm as
 * root? `folders`: what it copies may have folders in it. */
bool npm_follows(struct unit *u, struct stage *s, const struct stage_step *copy, bool folders);

#endif
