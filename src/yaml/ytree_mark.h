/*
 * ytree_mark: places in YAML: libyaml counts code points, slices and edits count bytes.
 *
 * A table with the byte of every 64th code point turns one into the other; a file that is all ASCII
 * needs none.
 */
#ifndef YAML_YTREE_MARK_H
#define YAML_YTREE_MARK_H

#include <yaml.h>

#include "base/str.h"

struct ytree_marks {
    struct str yaml; /* without byte order mark */
    size_t bom;      /* its length */
    size_t *every;
};

struct ytree_place {
    size_t at;        /* byte, without byte order mark */
    size_t line, col; /* 1-based; columns count code points */
};

struct ytree_marks ytree_marks_make(struct arena *a, struct str yaml);
struct ytree_place ytree_mark_place(const struct ytree_marks *m, yaml_mark_t mark);
/* The byte there; NUL at the end. */
char ytree_mark_char(const struct ytree_marks *m, size_t at);
/* Steps over so many anchors and tags, and the blanks, line ends and comments behind each. */
struct ytree_place ytree_mark_skip(const struct ytree_marks *m, struct ytree_place p, int words);

#endif
