/*
 * glob: patterns for paths, as in a .gitignore but without negation.
 *
 *     *  any characters but '/'      ?  one of them      [a-z] [!a-z]  one of a set
 *     ** as a whole part: any number of folders
 *
 * A pattern without '/' (but at its end) is for a file or folder of that name at any depth; with
 * one, it is for a path from the top. A folder that matches takes everything below it along.
 */
#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include "base/str.h"

/* NULL when the pattern makes sense, else what is wrong with it. */
const char *glob_check(struct str pattern);
/* `pattern` has passed glob_check(); `path` is relative, with '/', without "." and "..". Time is
 * bounded by the product of the two lengths. */
bool glob_match(struct str pattern, struct str path);

#endif
