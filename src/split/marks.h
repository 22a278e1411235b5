/* Words in source code that say what a program does. Internal to the split. */
#ifndef SPLIT_MARKS_H
#define SPLIT_MARKS_H

#include "split/split.h"

/* Does the text have one of them? `marks` ends with NULL. */
bool marks_any(struct str text, const char *const *marks);

/* Does the name end in one of them? */
bool marks_ends(struct str name, const char *const *ends);

/* A string literal that is a path of the system, but for what every image has; "" when there is
 * none. */
struct str marks_system_path(struct str text);

#endif
