/* Reason codes of reviews and refusals: one file each in templates/reasons. */
#ifndef KNOWLEDGE_REASON_H
#define KNOWLEDGE_REASON_H

#include "base/str.h"

struct reason {
    struct str code;
    struct str summary; /* one line */
    struct str why;     /* a paragraph */
    struct str todo;    /* what a person should do */
    bool input;         /* the input as such can't be handled: reports have it for a rule */
};

/* By code; false when there is none. Strings live as long as the arena. */
bool reason_find(struct arena *a, struct str code, struct reason *out);

/* All codes, sorted, into the arena. */
size_t reason_codes(struct arena *a, const struct str **codes);

#endif
