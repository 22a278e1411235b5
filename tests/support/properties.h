/* The properties that every input must have, whatever it is. Used by the golden tests, the corpus
 * run and the fuzzers. */
#ifndef TESTS_PROPERTIES_H
#define TESTS_PROPERTIES_H

#include <stddef.h>

#include "unroot.h"

/*
 * Runs one input through: print(parse(x)) = x; a second rewrite of the result changes nothing;
 * every USER written is a number; without unsafe-fixes nothing is written into a stage whose base
 * is unknown. Returns NULL, or what is wrong (static or malloc'd, never freed: the caller ends).
 */
const char *properties_check(const struct ur_options *options, int unsafe, const char *path,
                             const char *bytes, size_t size);
/* The same with a build context (NULL: none). */
const char *properties_check_in(const struct ur_options *options, const struct ur_context *context,
                                int unsafe, const char *path, const char *bytes, size_t size);

#endif
