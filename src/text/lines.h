/* lines: where the lines of a text begin. A line ends behind its '\n'; what follows the last one is
 * a line of its own, which may be empty. */
#ifndef TEXT_LINES_H
#define TEXT_LINES_H

#include "base/str.h"

struct lines {
    struct str text;
    const size_t *begin; /* of each line */
    size_t n;            /* at least 1 */
};

struct lines_place {
    size_t line, column; /* 1-based; the column counts code points */
};

struct lines lines_of(struct arena *a, struct str text);
/* The text of the lines first..last (1-based, both clamped), with their ends. */
struct str lines_text(const struct lines *l, size_t first, size_t last);
/* Where a byte is. A byte order mark is no column. */
struct lines_place lines_find(const struct lines *l, size_t offset);

#endif
