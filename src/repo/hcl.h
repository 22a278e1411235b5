/*
 * hcl: as much of HashiCorp's configuration language as Bake files need, in its own syntax and as
 * JSON: blocks, attributes, lists, objects, texts with ${names}.
 *
 * Everything else that an expression may be (functions, operators, conditions, loops, heredocs) is
 * stepped over and is HCL_OTHER, so that what is not understood is never taken for something else.
 * Evaluating is lazy and bounded: hcl_eval().
 */
#ifndef REPO_HCL_H
#define REPO_HCL_H

#include "base/str.h"
#include "base/vec.h"

enum { HCL_DEPTH_MAX = 64, HCL_NODES_MAX = 128 << 10 };

enum hcl_kind {
    HCL_TEXT, /* also numbers and booleans, as written */
    HCL_NULL,
    HCL_TEMPLATE, /* parts, one after the other */
    HCL_NAME,     /* a variable, maybe with attributes: "item.version" */
    HCL_LIST,
    HCL_OBJECT,
    HCL_OTHER
};

struct hcl_expr {
    enum hcl_kind kind;
    unsigned line;
    struct str text;        /* of HCL_TEXT, HCL_NAME */
    bool bare;              /* an HCL_TEXT without quotes: a number, true, false */
    struct hcl_expr *first; /* parts, elements, values */
    struct hcl_expr *next;
    struct str key;    /* of a value in an object */
    bool key_unknown;  /* the key is an expression */
    unsigned key_line; /* where the key is */
    size_t n;
};

#define HCL_EACH(it, of) for (const struct hcl_expr *it = (of)->first; it; it = it->next)

struct hcl_block {
    struct str type, label; /* "target" "app"; the first label, "" when there is none */
    unsigned line;
    const struct hcl_expr *body; /* its attributes: an HCL_OBJECT */
};

struct hcl_file {
    VEC(struct hcl_block) blocks;
    struct hcl_expr *attributes; /* those outside of blocks: an HCL_OBJECT */
    const char *message;         /* NULL, or why it can't be read, and where */
    unsigned line, col;
};

/* False and a message on an error. */
bool hcl_read(struct arena *a, struct str bytes, struct hcl_file *file);
/* JSON: {"target": {"app": {…}}}. `types` (NULL-terminated) are the keys that hold blocks. */
bool hcl_read_json(struct arena *a, struct str bytes, const char *const *types,
                   struct hcl_file *file);

/* The last value of that key in an object; NULL when there is none or it is no object. */
const struct hcl_expr *hcl_get(const struct hcl_expr *object, const char *key);

/* ---- evaluating ---- */

struct hcl_value {
    enum hcl_kind kind;          /* HCL_TEXT, HCL_NULL, HCL_LIST, HCL_OBJECT; HCL_OTHER: unknown */
    struct str text;             /* of HCL_TEXT */
    bool assumed;                /* the default of a variable took part */
    unsigned line;               /* of the expression */
    const struct hcl_expr *expr; /* of HCL_LIST, HCL_OBJECT: its elements are evaluated in … */
    const struct hcl_scope *scope;
};

/* Names that are bound, in front of those of the outer scope. */
struct hcl_scope {
    const struct hcl_scope *outer; /* NULL: the file's variables and attributes come next */
    struct str name;
    struct hcl_value value;
};

struct hcl_eval {
    struct arena *arena;
    const struct hcl_file *file; /* its blocks "variable" and its attributes are names */
    size_t budget;               /* steps and bytes left; at 0 everything is unknown */
    unsigned depth;
};

struct hcl_value hcl_eval(struct hcl_eval *e, const struct hcl_expr *expr,
                          const struct hcl_scope *scope);

#endif
