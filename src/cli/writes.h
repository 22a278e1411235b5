/*
 * writes: files of build contexts that several Dockerfiles of one run may share. What an item
 * changes besides its Dockerfile is looked at in the order of the items, on one thread: the same
 * change of the same file counts once, two different ones are a conflict. Files are written when
 * all items were read, so that no item sees another one's changes.
 */
#ifndef CLI_WRITES_H
#define CLI_WRITES_H

#include "base/io.h"
#include "base/vec.h"
#include "cli/command.h"

/* One file that an item changes. */
struct write_file {
    struct io_path path;
    const char *name; /* as shown */
    struct str was, bytes, patch;
};

/* What one item changes, its Dockerfile last. All in the item's own memory. */
struct write_item {
    struct write_file *v;
    size_t n, cap;
};

struct writes {
    struct arena *arena;
    VEC(struct write_file) known; /* changes of context files so far */
    VEC(struct write_item) items; /* to be written at the end */
    struct write_item together;   /* one more, of several items */
    size_t together_count;        /* how many */
};

/* Is there an earlier item that changes one of these files in another way? Its name, or NULL. Else
 * the files are taken note of, and those that are new are marked in `fresh`. */
const char *writes_note(struct writes *w, const struct write_item *item, bool *fresh);
/* Keeps a copy of the item for writes_finish(). */
void writes_add(struct writes *w, const struct write_item *item);
/* The same for those of which all are written or none. */
void writes_add_together(struct writes *w, const struct write_item *item);
/* Writes all: of an item all files or none. Says what failed through `fail`, with the
 * number of items that were not written for it. */
void writes_finish(struct writes *w, void (*fail)(void *ctx, const char *message, size_t n),
                   void *ctx);

#endif
