/*
 * yvalue: a value that is to be written into strangers' YAML: built first, put into the author's
 * style later. Mappings and sequences grow; a text is quoted where it would be read as something
 * else, a word (true, 1000) never is.
 */
#ifndef YAML_YVALUE_H
#define YAML_YVALUE_H

#include "yaml/ytree.h"

enum yvalue_kind { YVALUE_TEXT, YVALUE_WORD, YVALUE_MAP, YVALUE_LIST };

struct yvalue {
    enum yvalue_kind kind;
    struct str text;             /* of a text or word */
    struct str key;              /* in a mapping */
    struct yvalue *first, *last; /* in it, in their order */
    struct yvalue *next;
    bool lazy; /* is left out when nothing is in it */
};

struct yvalue *yvalue_text(struct arena *a, struct str text);
/* A number or a boolean, as it is to be written. */
struct yvalue *yvalue_word(struct arena *a, struct str text);
struct yvalue *yvalue_number(struct arena *a, uint64_t n);
struct yvalue *yvalue_bool(struct arena *a, bool b);
struct yvalue *yvalue_map(struct arena *a);
struct yvalue *yvalue_list(struct arena *a);

/* Add at the end and return what was added. A value is in one place only. */
struct yvalue *yvalue_put(struct yvalue *map, struct str key, struct yvalue *value);
struct yvalue *yvalue_add(struct yvalue *list, struct yvalue *value);
/* NULL when there is none, or no mapping. */
struct yvalue *yvalue_get(const struct yvalue *map, const char *key);

/* The same kind with the same in it; keys of mappings in the same order. */
bool yvalue_same(const struct yvalue *x, const struct yvalue *y);
/* Does the node, aliases followed, say just this? Keys in any order. */
bool yvalue_is(const struct yvalue *v, const struct ytree_node *n);

/* A text that may stand without quotes and is read as a text by YAML 1.1 and 1.2, in block and
 * flow collections. */
bool yvalue_is_plain(struct str text);

#endif
