/* Comments by which authors switch rules off: ours and those of the tools that have the same rule.
 */
#ifndef UNIT_SUPPRESS_H
#define UNIT_SUPPRESS_H

#include "unit/unit.h"

/* Does a comment of the file switch the running pass off? *line is the comment's line. */
bool suppress_has(const struct unit *u, unsigned *line);
/* Does this comment switch off a rule with this id and these ids elsewhere? */
bool suppress_says(struct str comment, const char *rule, const char *refs);

#endif
