/*
 * yedit: edits of a document in strangers' YAML that leave every other byte alone.
 *
 * The document is seen through places: what stands at a path, aliases and merge keys followed. A
 * place may be put into, replaced or removed; yedit_end() then writes these changes in the author's
 * style (indentation, sequences indented or not, flow or JSON, line ends) as edits of the bytes,
 * reads the result again and proves that it is the old document with just the changes that were
 * asked for, everywhere: what an anchor shares with places for which the change was not asked is
 * refused. It is all or nothing for a document.
 *
 *     struct yedit *e = yedit_begin(a, source, &tree, 0);
 *     struct yplace *web = yplace_get(yplace_get(yedit_root(e), "services"), "web");
 *     yplace_put(web, "read_only", yvalue_bool(a, true));
 *     yplace_add(yplace_list(web, "tmpfs"), yvalue_text(a, STR("/tmp")));
 *     if (yedit_end(e)) … e->edits …; else … e->wrong_line, e->wrong …
 *
 * Changing what was changed before is a bug of the caller's, but for putting into what was made.
 */
#ifndef YAML_YEDIT_H
#define YAML_YEDIT_H

#include "text/patch.h"
#include "yaml/yvalue.h"

enum {
    YEDIT_PLACES_MAX = 1 << 20, /* places of a document; looking for more finds nothing */
    YEDIT_SHARED_MAX = 4096     /* changes below anchors */
};

enum yplace_change {
    YPLACE_KEPT,   /* but there may be changes in it */
    YPLACE_SET,    /* another value is written */
    YPLACE_BECOME, /* another key and value in place of the pair */
    YPLACE_REMOVED
};

struct yplace {
    struct yedit *edit;
    struct yplace *up; /* NULL for the root */
    struct str key;    /* in a mapping; else "" */
    size_t index;      /* in a sequence */
    bool in_list;
    bool shared; /* the way to it leads over an alias, a merge key or an anchor */
    const struct ytree_node *written; /* as it stands there, perhaps an alias; NULL: it is new */
    const struct ytree_node *node;    /* what that stands for */
    struct yvalue *fresh; /* of a new place, or of one that is SET or BECOMEs something */
    enum yplace_change change;
    struct str new_key;        /* of BECOME */
    VEC(struct yvalue *) puts; /* new pairs, or new elements at the end, of one that is kept */
    struct yplace *next;       /* with the same hash */
    struct yplace *next_changed;
    bool changed; /* is in that list */
};

struct yedit {
    struct arena *arena;
    struct str source;
    const struct ytree *tree;
    size_t doc;
    struct yplace *root;
    struct yplace **hash;
    size_t places, hash_size;
    uint64_t work; /* pairs looked at; more than sensible means too many aliases */
    struct yplace *changed, *last_changed; /* places with a change of their own, in order */
    VEC(struct patch_edit) edits;          /* made by yedit_end(): sorted, in bytes of the source */
    const char *wrong;                     /* why not; NULL: all is well */
    unsigned wrong_line;
    bool wrong_shared; /* because of an anchor, alias or merge key */
};

struct yedit *yedit_begin(struct arena *a, struct str source, const struct ytree *tree, size_t doc);
struct yplace *yedit_root(struct yedit *e);
/* Nothing was asked for so far. */
bool yedit_is_empty(const struct yedit *e);
/* More was looked for than is sensible for a document of its size: places were not found. */
bool yedit_is_exhausted(const struct yedit *e);
/* Makes and proves the edits. False: refused, there are none; `wrong` and `wrong_line` say why. */
bool yedit_end(struct yedit *e);

/* ---- looking. All take NULL for "no such place" and answer NULL then. */

/* The value of a key. NULL too when it is null or removed. */
struct yplace *yplace_get(struct yplace *p, const char *key);
/* The same for a null value that is written. */
struct yplace *yplace_get_any(struct yplace *p, const char *key);
/* The element that is the node `element` in the real node of the place, the `index`th. */
struct yplace *yplace_element(struct yplace *p, const struct ytree_node *element, size_t index);

/* for (YPLACE_EACH(c, containers)) …: the elements of a sequence as it was read. */
struct yplace_walk {
    struct yplace *list;
    const struct ytree_node *node;
    size_t index;
};
struct yplace_walk yplace_walk(struct yplace *list);
struct yplace *yplace_next(struct yplace_walk *w);

bool yplace_is_map(const struct yplace *p);
bool yplace_is_list(const struct yplace *p);
/* A text, boolean or integer; also what was put there or is written in its place. */
bool yplace_string(const struct yplace *p, struct str *value);
bool yplace_bool(const struct yplace *p, bool *value);
bool yplace_int(const struct yplace *p, int64_t *value);
/* Elements or pairs as read; 0 for anything else. */
size_t yplace_count(const struct yplace *p);

/* "spec.containers[0].image"; a key with odd characters is quoted: annotations["a/b"]. */
struct str yplace_path(struct arena *a, const struct yplace *p);
/* Where it is written: its key, else its value; of what is new, where the nearest old one is. */
unsigned yplace_line(const struct yplace *p);
unsigned yplace_column(const struct yplace *p);

/* ---- changing */

/* The mapping or sequence at a key: as it is, or a new one when there is none or null. NULL when
 * something else is there. */
struct yplace *yplace_map(struct yplace *p, const char *key);
struct yplace *yplace_list(struct yplace *p, const char *key);
/* A new pair; the key must not be there but with null. */
void yplace_put(struct yplace *p, const char *key, struct yvalue *value);
/* A new element at the end of a sequence. */
void yplace_add(struct yplace *p, struct yvalue *value);
void yplace_set(struct yplace *p, struct yvalue *value);
/* Another pair in place of this one. */
void yplace_become(struct yplace *p, const char *key, struct yvalue *value);
void yplace_remove(struct yplace *p);

#endif
