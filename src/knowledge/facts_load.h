/* From a facts file (docs/facts.md) to layers that are laid over each other. For facts.c only. */
#ifndef KNOWLEDGE_FACTS_LOAD_H
#define KNOWLEDGE_FACTS_LOAD_H

#include "base/rx.h"
#include "knowledge/facts.h"

/* One mapping of a file: the file itself, or one of its variants. */
struct facts_layer {
    struct facts facts; /* only members whose key was there have a meaning */
    uint64_t set;       /* bit i: the key of fields[i] in facts_load.c was there */
    VEC(struct str) images;
    VEC(struct facts_layer) variants;
    struct rx *tag; /* of a variant */
};

/* Reads a file; all in `a`. Returns NULL, or "label:line:col: message". A built-in file must say
 * where its facts are from. `file` must be freed in any case. */
const char *facts_load(struct arena *a, const char *label, struct str yaml, bool builtin,
                       struct facts_layer *file);
/* Frees the patterns. */
void facts_layer_free(struct facts_layer *file);

/* Lays what `over` says over `to`. When it changes the family, then package manager, user tools and
 * shell become those of the new family, and the number of the first system account is not known any
 * more, unless `over` says these too. */
void facts_layer_merge(struct facts_layer *to, const struct facts_layer *over);
/* Gives members that no layer has set their defaults. */
void facts_layer_settle(struct facts_layer *l);

#endif
