/*
 * ytree: strangers' YAML as it is written: manifests, compose files and the like.
 *
 * Unlike ydoc it takes what YAML allows: several documents, anchors and aliases, tags, any key,
 * repeated keys. Each node knows the bytes it was read from, so that an edit can replace just
 * those. An alias stays a node that points to what it stands for. The tree is no larger than the
 * file; walking it with aliases followed visits at most YTREE_EXPANDED_MAX nodes from any node and
 * goes at most YTREE_DEPTH_MAX deep, which is checked here, so that readers need not count.
 */
#ifndef YAML_YTREE_H
#define YAML_YTREE_H

#include "base/str.h"
#include "base/vec.h"
#include "text/span.h"

enum {
    YTREE_SIZE_MAX = 4 << 20,     /* bytes of a file */
    YTREE_DEPTH_MAX = 128,        /* collections within each other, aliases followed */
    YTREE_NODES_MAX = 256 << 10,  /* keys count too */
    YTREE_ANCHORS_MAX = 1000,     /* in a document */
    YTREE_EXPANDED_MAX = 1 << 20, /* nodes of a document, aliases followed */
};

enum ytree_kind { YTREE_SCALAR, YTREE_SEQUENCE, YTREE_MAPPING, YTREE_ALIAS };

enum ytree_style {
    YTREE_PLAIN,   /* scalars; also aliases */
    YTREE_SINGLE,  /* '…' */
    YTREE_DOUBLE,  /* "…" */
    YTREE_LITERAL, /* | */
    YTREE_FOLDED,  /* > */
    YTREE_BLOCK,   /* collections: by indentation */
    YTREE_FLOW     /* […] {…} */
};

struct ytree_node {
    enum ytree_kind kind;
    enum ytree_style style;
    bool repeated;      /* a value whose key stands further up in the same mapping, too */
    unsigned line, col; /* where the span begins, 1-based; columns count code points */
    struct span span;   /* bytes of the file, without anchor and tag. A scalar with its quotes; a
                           literal or folded one from its | or > to behind its last line end. A
                           block collection from its first key or '-' to the end of its last node.
                           What is left out (`key:`) is empty, behind the ':' */
    size_t from;        /* where anchor and tag begin; span.from without them */
    struct str text;    /* of a scalar, unescaped; of an alias, its name; a NUL follows */
    struct str anchor;  /* "" when there is none */
    struct str tag;     /* "" when none is written: "!reset", "tag:yaml.org,2002:str" */
    struct ytree_node *parent; /* the collection it is in, also of a key; NULL for a root */
    struct ytree_node *key;    /* of a value in a mapping; any kind of node */
    struct ytree_node *first;  /* elements of a sequence, values of a mapping, in their order */
    struct ytree_node *next;   /* in the same collection */
    struct ytree_node *of;     /* of an alias: what it stands for, never an alias itself */
    size_t n;                  /* elements, or pairs */
    uint32_t height;           /* 0 for a scalar, else 1 more than the highest below */
    uint32_t expanded;         /* nodes in it when aliases are followed, itself and keys included */
};

#define YTREE_EACH(it, of) for (const struct ytree_node *it = (of)->first; it; it = it->next)

struct ytree_doc {
    struct ytree_node *root; /* an empty document has an empty plain scalar */
    struct span span;        /* from its "---" or first node up to the next document or its "..." */
    unsigned line;           /* where that begins */
    bool marked;             /* begins with "---" */
};

struct ytree {
    struct arena *arena;
    VEC(struct ytree_doc) docs;        /* none in an empty file */
    const struct ytree_node *repeated; /* the first key that is given twice, or NULL */
    struct ytree_error {
        unsigned line, col;
        const char *message; /* NULL: the file could be read */
        bool limit;          /* it may be fine, but is more than is taken here */
    } error;
};

/* Reads UTF-8, with or without a byte order mark. False on an error; there are no docs then. */
bool ytree_parse(struct ytree *t, struct arena *a, struct str yaml);

/* The node itself, or what an alias stands for; NULL for NULL. */
const struct ytree_node *ytree_real(const struct ytree_node *n);
/* The value of a key, as written (it may be an alias), by the text of the key. The last one when it
 * is repeated; NULL when there is none, or when `map` is NULL or no mapping. */
const struct ytree_node *ytree_get(const struct ytree_node *map, const char *key);

/* A value that is null: left out, ~, null; or tagged as such. */
bool ytree_is_null(const struct ytree_node *n);
/* True and the text for a scalar that is not null (aliases followed). */
bool ytree_text(const struct ytree_node *n, struct str *text);

/*
 * With merge keys (`<<: *base`, `<<: [*a, *b]`): what the mapping says itself comes first, then
 * what it merges, in order. Values are real nodes.
 */
const struct ytree_node *ytree_find(const struct ytree_node *map, const char *key);

struct ytree_pair {
    const struct ytree_node *key;   /* a scalar */
    const struct ytree_node *value; /* no alias */
};
typedef VEC(struct ytree_pair) ytree_pairs;

/* All pairs whose key is a scalar, each key once, in the order of the file; merged ones come
 * last. Nothing when `map` is NULL or no mapping. */
ytree_pairs ytree_all(struct arena *a, const struct ytree_node *map);

#endif
