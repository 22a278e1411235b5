/*
 * ydoc: strict reading of YAML that is ours by format: templates, image facts, configuration.
 *
 * A document becomes a tree of texts, lists and mappings with line and column; then readers take it
 * apart, usually by a table of fields that fills a struct. Whatever is not exactly right is an
 * error "label:line:col: message", and the first one is kept: readers return false from there on,
 * callers just pass that up. What makes YAML treacherous is refused: anchors, aliases, tags,
 * duplicate keys, several documents; `yes`, `on`, `0777` and `0x10` are no booleans and no numbers.
 */
#ifndef YAML_YDOC_H
#define YAML_YDOC_H

#include "base/str.h"
#include "base/vec.h"

enum {
    YDOC_SIZE_MAX = 1 << 20,   /* bytes of a document */
    YDOC_DEPTH_MAX = 32,       /* lists and mappings within each other */
    YDOC_NODES_MAX = 100 << 10 /* keys count too */
};

enum ydoc_kind { YDOC_TEXT, YDOC_LIST, YDOC_MAP };

struct ydoc_node {
    enum ydoc_kind kind;
    bool plain;              /* a text without quotes */
    unsigned line, col;      /* 1-based; columns count code points */
    struct str text;         /* of a text, unescaped; a NUL follows that is not counted */
    struct ydoc_node *key;   /* the text that names it, in a mapping; else NULL */
    struct ydoc_node *first; /* elements of a list, values of a mapping, in their order */
    struct ydoc_node *next;  /* in the same list or mapping */
    size_t n;                /* number of elements */
};

#define YDOC_EACH(it, of) for (const struct ydoc_node *it = (of)->first; it; it = it->next)

struct ydoc {
    struct arena *arena;          /* holds the tree, texts and errors */
    const char *label;            /* names the document in errors */
    const struct ydoc_node *root; /* NULL for an empty document */
    const char *error;            /* NULL, or the first "label:line:col: message" */
};

/* Parses; `label` is borrowed. False on an error; d->error has it, and d->root is NULL. */
bool ydoc_parse(struct ydoc *d, struct arena *a, const char *label, struct str yaml);

/* Records an error at the node (NULL: at the beginning). Always false. */
bool ydoc_fail(struct ydoc *d, const struct ydoc_node *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* A stranger's text for a message: printable and not too long. */
const char *ydoc_quote(struct ydoc *d, struct str s);

/* The value of a key; NULL when there is none, or when `map` is NULL or no mapping. */
const struct ydoc_node *ydoc_get(const struct ydoc_node *map, const char *key);

/* A value that was left out: `key:`, `~`, null. */
bool ydoc_is_nothing(const struct ydoc_node *n);

/* Each reads one node; false and an error when it is something else. */

/* Any text, quoted or not, without control characters but newline and tab. Nothing is an error; an
 * empty text is written "". */
bool ydoc_text(struct ydoc *d, const struct ydoc_node *n, struct str *out);
/* true or false. */
bool ydoc_bool(struct ydoc *d, const struct ydoc_node *n, bool *out);
/* Decimal, without quotes, sign or leading zeros. */
bool ydoc_number(struct ydoc *d, const struct ydoc_node *n, uint64_t min, uint64_t max,
                 uint64_t *out);
/* The index of one of the words; a NULL ends them. */
bool ydoc_choice(struct ydoc *d, const struct ydoc_node *n, const char *const *words,
                 unsigned *out);
bool ydoc_is_list(struct ydoc *d, const struct ydoc_node *n);
bool ydoc_is_map(struct ydoc *d, const struct ydoc_node *n);

/*
 * Tables of fields.
 *
 *     static const char *const colours[] = {"red", "green", NULL};
 *     static const struct ydoc_field fields[] = {
 *         {YDOC_AT(struct thing, name), .key = "name", .read = ydoc_read_text, .required = true},
 *         {YDOC_AT(struct thing, colour), .key = "colour", .read = ydoc_read_choice,
 *          .words = colours},
 *     };
 *     uint64_t set;
 *     if (!ydoc_fields(&d, node, fields, sizeof fields / sizeof *fields, &thing, &set)) …
 */
struct ydoc_field {
    const char *key;
    bool (*read)(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f, void *to);
    const char *const *words; /* of ydoc_read_choice */
    uint64_t min, max;        /* of ydoc_read_number; max 0: what fits into 32 bits */
    size_t at, size;          /* the member it fills: YDOC_AT() */
    bool required;
};

#define YDOC_AT(type, member) .at = offsetof(type, member), .size = sizeof(((type *)NULL)->member)

/* Reads a mapping into the record by a table of at most 64 fields. Members whose key is missing
 * stay as they are; bit i of *set (may be NULL) tells whether fields[i] was there. Unknown keys and
 * missing required ones are errors. */
bool ydoc_fields(struct ydoc *d, const struct ydoc_node *map, const struct ydoc_field *fields,
                 size_t count, void *record, uint64_t *set);

/* Readers for tables, with the type of the member they fill. */
bool ydoc_read_text(struct ydoc *, const struct ydoc_node *, const struct ydoc_field *,
                    void *); /* struct str */
bool ydoc_read_texts(struct ydoc *, const struct ydoc_node *, const struct ydoc_field *,
                     void *); /* VEC(struct str) */
bool ydoc_read_bool(struct ydoc *, const struct ydoc_node *, const struct ydoc_field *,
                    void *); /* bool */
bool ydoc_read_number(struct ydoc *, const struct ydoc_node *, const struct ydoc_field *,
                      void *); /* uint32_t */
bool ydoc_read_choice(struct ydoc *, const struct ydoc_node *, const struct ydoc_field *,
                      void *); /* an enum: the index of the word */

#endif
