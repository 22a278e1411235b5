/*
 * Unified patches from edits that are known. Nothing is guessed by comparing texts: what no edit
 * touches is context.
 */
#ifndef TEXT_PATCH_H
#define TEXT_PATCH_H

#include "base/str.h"
#include "text/span.h"

/* Bytes `old` of the source are replaced by `with`. Sorted, without overlaps. */
struct patch_edit {
    struct span old;
    struct str with;
};

/* What to print behind "@@" for a hunk that begins at `offset` of the source; may be empty. */
typedef struct str patch_heading(void *ctx, size_t offset);

struct patch {
    struct str path; /* with '/', relative */
    struct str source;
    const struct patch_edit *edits;
    size_t n;
    patch_heading *heading; /* may be NULL */
    void *ctx;
};

/* The patch as `git apply` and `patch -p1` take it: line ends and a missing final newline are kept,
 * odd paths are quoted as git does. Empty when no edit changes anything. */
struct str patch_print(struct arena *a, const struct patch *p);

/* The source with the edits made. */
struct str patch_apply(struct arena *a, struct str source, const struct patch_edit *edits,
                       size_t n);

#endif
