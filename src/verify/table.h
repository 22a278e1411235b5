/* table: a report as rows of before, after and restricted, the same for text and Markdown. */
#ifndef VERIFY_TABLE_H
#define VERIFY_TABLE_H

#include "verify/verify.h"

enum table_column { TABLE_BEFORE, TABLE_AFTER, TABLE_RESTRICTED, TABLE_COLUMNS };

struct table_row {
    const char *what;
    struct str cell[TABLE_COLUMNS]; /* "" where there is nothing to say */
};

struct table {
    struct arena *arena;
    VEC(struct table_row) rows;
    bool restricted; /* that column is there */
};

struct table table_make(struct arena *a, const struct verify_report *r);

/* The verdict in a sentence, and what became of the restricted policy ("" when it was not tried).
 */
struct str table_verdict(const struct verify_report *r);
struct str table_restricted(struct arena *a, const struct verify_report *r);
/* What the kubelet says of an image under runAsNonRoot, in a few words or in its own. */
struct str table_kubelet(struct arena *a, const struct image *image, bool whole);
/* "chown setuid" of a set of capabilities, "none". */
struct str table_capabilities(struct arena *a, uint64_t set);

#endif
