/* rule: what a finding's rule is about, for reports that list the rules: the passes, and the
 * reasons for which an input can't be handled at all. */
#ifndef REPORT_RULE_H
#define REPORT_RULE_H

#include "base/str.h"
#include "base/vec.h"

struct rule {
    struct str id;
    struct str summary; /* one line, no full stop */
    struct str why;     /* a paragraph */
    struct str todo;    /* "" for a pass, which does it itself */
    struct str refs;    /* the same rule elsewhere, blank-separated */
    bool input;         /* about an input that can't be handled */
};

struct rules {
    struct rule *v;
    size_t n, cap;
};

/* All of them, always in the same order. */
struct rules rules_all(struct arena *a);
/* Its index there, or -1. */
ptrdiff_t rules_index(struct arena *a, struct str id);

#endif
