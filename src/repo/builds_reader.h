/* What the readers of the build formats share. For builds*.c only. */
#ifndef REPO_BUILDS_READER_H
#define REPO_BUILDS_READER_H

#include "repo/builds.h"
#include "yaml/ytree.h"

struct builds_reader {
    struct arena *arena;
    struct str file;
    struct str base; /* the folder that paths are relative to */
    struct builds *out;
    size_t items;      /* for lists, so far */
    const char *error; /* the first one */
};

/* A build whose parts are still being put together: paths are as written. */
struct build_draft {
    struct build build;
    struct build_text context, dockerfile;
};

/* Records the first error. Always false. */
bool builds_fail(struct builds_reader *r, unsigned line, unsigned col, const char *message);

/* A draft where nothing is said. */
struct build_draft builds_draft(const struct builds_reader *r, enum build_format format);
/* The same as another one, with lists of its own. False and an error: too much. */
bool builds_copy(struct builds_reader *r, const struct build_draft *from, struct build_draft *to);
/* Resolves the paths and puts the build into the result. False and an error: too many. */
bool builds_add(struct builds_reader *r, const struct build_draft *draft);

/* Counts an item for any list. False and an error: too many in this file. */
bool builds_count(struct builds_reader *r);
/* A list of `n` may grow; else it is not whole. */
bool builds_room(size_t n, bool *whole);
/* Sets a pair; a later one of that name wins. */
void builds_set(struct builds_reader *r, build_pairs *pairs, bool *whole, struct str name,
                struct build_text value);

/* A context that is no folder here: a URL, an image, another target, standard input. */
bool builds_is_remote(struct str context);
/* `path` seen from `folder`, cleaned. False when it is absolute, leaves the tree or is otherwise
 * none we can tell. */
bool builds_join(struct arena *a, struct str folder, struct str path, struct str *out);

/* A value of Compose, its variables resolved as far as they have defaults. */
struct build_text builds_dollar(struct arena *a, struct str raw, unsigned line);
/* The part in front of the first `c` that is not within ${}, taken off `*rest`; false at the end.
 * As str_split(). */
bool builds_dollar_split(struct str *rest, char c, struct str *part);
/* A scalar of a Compose file. Numbers that Compose would write in another way (3.10 is 3.1) are
 * not known. */
struct build_text builds_compose_text(struct arena *a, const struct ytree_node *n);

/* One entry of `ports:`, `volumes:`, `tmpfs:` of a service. */
void builds_add_port(struct builds_reader *r, struct build *b, const struct ytree_node *n);
void builds_add_mount(struct builds_reader *r, struct build *b, const struct ytree_node *n);
void builds_add_tmpfs(struct builds_reader *r, struct build *b, const struct ytree_node *n);

/* One document each. False and an error. */
bool builds_read_compose(struct builds_reader *r, const struct ytree_node *root);
bool builds_read_skaffold(struct builds_reader *r, const struct ytree_node *root);
bool builds_read_bake(struct builds_reader *r, struct str bytes, bool json);

#endif
