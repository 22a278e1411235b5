/*
 * ystyle: how an author writes YAML, found from what is there, and new values written like it.
 */
#ifndef YAML_YSTYLE_H
#define YAML_YSTYLE_H

#include "base/buf.h"
#include "yaml/yvalue.h"

struct ystyle {
    struct arena *arena;
    size_t step;     /* blanks by which a mapping in a mapping is indented */
    size_t list;     /* the same of a sequence; 0: its dashes stand below the key */
    bool flow_lists; /* short sequences are written as [a, b] */
    struct str end;  /* line end */
};

/* By what most of the document does; of a tie the usual. */
struct ystyle ystyle_of(struct arena *a, struct str source, const struct ytree_node *root);
/* How collections in this block mapping are indented, when it has some; else as the document. */
struct ystyle ystyle_near(const struct ystyle *s, const struct ytree_node *map);

/* A pair as whole lines that begin with `indent` blanks. */
void ystyle_block_pair(struct buf *b, const struct ystyle *s, size_t indent,
                       const struct yvalue *v);
/* An element as whole lines; its dash stands behind `indent` blanks. */
void ystyle_block_element(struct buf *b, const struct ystyle *s, size_t indent,
                          const struct yvalue *v);
/* What is in a mapping or sequence, as lines. */
void ystyle_block_children(struct buf *b, const struct ystyle *s, size_t indent,
                           const struct yvalue *v);

/* How a flow collection is written. */
struct yflow {
    bool json;         /* all in double quotes */
    bool tight;        /* nothing behind ':' and ',' */
    bool padded;       /* { a: b } */
    bool lines;        /* each pair on a line of its own */
    struct str prefix; /* then, what these lines begin with */
    struct str step;   /* and what is added to it further in */
    struct str end;    /* line end */
};

struct yflow yflow_of(const struct ystyle *s, struct str source, const struct ytree_node *flow);
/* The value itself; "key: value". With `lines`, lines behind the first begin with the prefix. */
void yflow_value(struct buf *b, const struct yflow *f, const struct yvalue *v);
void yflow_pair(struct buf *b, const struct yflow *f, const struct yvalue *v);
void yflow_key(struct buf *b, const struct yflow *f, struct str key);

/* A scalar, in quotes where it needs them. */
void ystyle_scalar(struct buf *b, bool json, const struct yvalue *v);

#endif
