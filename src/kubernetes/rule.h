/* The rules for manifests, as `explain` shows them. */
#ifndef KUBERNETES_RULE_H
#define KUBERNETES_RULE_H

#include "base/str.h"

struct rule {
    const char *id;      /* "pod-non-root" */
    const char *summary; /* one line, for lists */
    const char *why;     /* a paragraph */
    const char *refs;    /* the same rule elsewhere, blank-separated */
};

extern const struct rule rules[];
extern const size_t rule_count;

/* By id; NULL when there is none. */
const struct rule *rule_find(struct str id);

#endif
