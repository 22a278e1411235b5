/* edit: the edits of a rewrite as small as they can be told: without what both sides have in
 * common at their ends, never in the middle of a character or of a CRLF. */
#ifndef REPORT_EDIT_H
#define REPORT_EDIT_H

#include "text/lines.h"
#include "unit/outcome.h"

struct edit {
    struct lines_place from, to; /* what is taken out, [from, to) */
    struct str with;
};

struct edits {
    struct edit *v;
    size_t n, cap;
};

/* Those of one file, in order. Empty when places can't be told: the file is no valid UTF-8. */
struct edits edits_of(struct arena *a, const struct outcome_change *c);

#endif
