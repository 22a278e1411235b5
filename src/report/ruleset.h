/* ruleset: all rules that a finding may have, for reports that list them: the passes, the rules for
 * manifests, and the reasons for which an input can't be handled at all. */
#ifndef REPORT_RULESET_H
#define REPORT_RULESET_H

#include "base/str.h"
#include "base/vec.h"

struct ruleset_rule {
    struct str id;
    struct str summary; /* one line, no full stop */
    struct str why;     /* a paragraph */
    struct str todo;    /* of a reason, else "" */
    struct str refs;    /* the same rule elsewhere, blank-separated */
    bool input;         /* about an input that can't be handled */
};

struct ruleset {
    struct ruleset_rule *v;
    size_t n, cap;
};

/* All of them, always in the same order. */
struct ruleset ruleset_all(struct arena *a);
/* The index of a rule there, or -1. */
ptrdiff_t ruleset_index(struct arena *a, struct str id);

#endif
