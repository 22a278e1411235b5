/* How changes become text; between yedit_text.c, yedit_replace.c and yedit_share.c. */
#ifndef YAML_YEDIT_TEXT_H
#define YAML_YEDIT_TEXT_H

#include "yaml/yedit_internal.h"
#include "yaml/ystyle.h"

struct ypiece {
    struct patch_edit edit;
    size_t depth, order;
};

/* A change that was written to a node that several places may share. */
struct yshared {
    const struct ytree_node *node;
    enum yplace_change change;  /* KEPT: `value` was put in */
    const struct yvalue *value; /* NULL when it is removed */
};

typedef VEC(struct yvalue *) yvalues;
struct yputs {
    struct yvalue **v;
    size_t n, cap;
};

struct ytext {
    struct yedit *edit;
    struct ystyle style;
    VEC(struct ypiece) pieces;
    VEC(struct yshared) shared;
};

/* Bytes [from, to) become `with`; of several insertions in one place the deepest come first. */
void ytext_add(struct ytext *t, size_t from, size_t to, size_t depth, struct str with);
void ytext_add_lines(struct ytext *t, size_t at, size_t depth, struct str lines);
bool ytext_refuse(struct ytext *t, const struct ytree_node *n, const char *why);

/* Where the line ends that the byte is in, and where its text begins. */
size_t ytext_line_end(const struct ytext *t, size_t at);
size_t ytext_line_text(const struct ytext *t, size_t at);
/* Behind the last line of a node and the comments that belong to it. */
size_t ytext_behind(const struct ytext *t, const struct ytree_node *n, size_t indent);

/* Does a value in place of nothing need a blank in front of it? */
bool ytext_needs_blank(const struct ytext *t, const struct ytree_node *n);
/* Something in an empty collection, or a collection in place of null. */
bool ytext_fill(struct ytext *t, const struct ytree_node *n, const struct yvalue *all);
/* Writes a place that is set, becomes something else or is removed. */
bool ytext_replace(struct ytext *t, struct yplace *p);

/* The puts of a place that have to be written: not those that another place has written to the
 * same node, or that a merge key brings. */
bool yshare_puts(struct ytext *t, struct yplace *p, struct yputs *out);
/* Has another place done this to the node already? False and `*done` unset: they disagree. */
bool yshare_change(struct ytext *t, const struct yplace *p, bool *done);

#endif
