/* suggest: "did you mean …?" for a word that nobody knows. */
#ifndef CLI_SUGGEST_H
#define CLI_SUGGEST_H

#include "base/str.h"

struct suggest {
    struct str word;  /* what was given */
    const char *best; /* the nearest so far; NULL when nothing is near */
    unsigned distance;
};

static inline struct suggest suggest_for(struct str word)
{
    return (struct suggest){.word = word};
}

/* Offers a candidate; of equally near ones the first stays. */
void suggest_try(struct suggest *s, const char *candidate);

/* " (did you mean 'PREFIXbest'?)", or "" when nothing is near. */
const char *suggest_text(const struct suggest *s, struct arena *a, const char *prefix);

#endif
