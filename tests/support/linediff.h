/* What differs between two texts, for people who read a test's failure. */
#ifndef TESTS_LINEDIFF_H
#define TESTS_LINEDIFF_H

#include "base/buf.h"

/* Adds the lines that differ, "-" for `want` and "+" for `have`, with a line of context around
 * them. Bytes that do not show (CR, TAB, NUL, no UTF-8, a missing final newline) are written as
 * escapes. */
void linediff_add(struct buf *out, struct str want, struct str have);

/* JSON on one line, broken behind every comma and opening bracket outside strings. */
struct str linediff_json_lines(struct arena *a, struct str json);

#endif
