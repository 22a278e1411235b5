/*
 * The build context of one Dockerfile, as the caller's callbacks show it (include/unroot.h): what
 * .dockerignore leaves, with every answer kept, sizes and counts capped. Paths are relative to the
 * context's root, cleaned, with '/'; "" is the root.
 *
 * Files can be given new bytes: everybody who asks later sees these. That is how a rewrite changes
 * several files, and how it is run a second time over its own result.
 */
#ifndef CONTEXT_CONTEXT_H
#define CONTEXT_CONTEXT_H

#include "base/str.h"
#include "base/vec.h"
#include "context/ignore.h"
#include "unroot.h"

struct context_entry {
    struct str path;
    enum ur_entry kind; /* UR_ENTRY_NONE: not there, or ignored */
    unsigned mode;      /* permission bits of a file; 0 when not known */
    size_t size;
    bool looked, read;
    struct str bytes; /* once read; p is NULL when it could not be */
    struct str now;   /* its new bytes; p is NULL when it was not changed */
};

struct context_folder {
    struct str path;
    struct str *names; /* sorted */
    size_t n;
    bool complete; /* all names are here */
};

struct context {
    struct arena *arena;
    const struct ur_context *outer; /* borrowed for the call only */
    const char *prefix;             /* its prefix, for who comes later */
    struct ignore ignore;
    VEC(struct context_entry *) entries;
    VEC(struct context_folder *) folders;
    size_t looks, bytes;
};

/* What may be asked of one context, so that a hostile Dockerfile costs little. */
enum {
    CONTEXT_FILE_MAX = 1 << 20,
    CONTEXT_BYTES_MAX = 16 << 20,
    CONTEXT_LOOKS_MAX = 20000,
    CONTEXT_NAMES_MAX = 5000,
};

/* `dockerfile` is the Dockerfile's own path in the context ("" when it lies elsewhere): the ignore
 * file beside it, Dockerfile.dockerignore, comes before .dockerignore. `outer` is borrowed. */
struct context *context_new(struct arena *a, const struct ur_context *outer, struct str dockerfile);
/* A second view of the same: it sees the changed files as they are now, and changes none. */
struct context *context_again(struct arena *a, const struct context *old);

/* What is at the path. Never NULL; UR_ENTRY_UNKNOWN when it can't be told. */
const struct context_entry *context_look(struct context *c, struct str path);
/* The bytes of a regular file; p is NULL when there is none, it is too large or can't be read. */
struct str context_read(struct context *c, struct str path);
/* The names in a folder that are not ignored. */
const struct context_folder *context_list(struct context *c, struct str path);
/* Gives a file that was read new bytes. */
void context_write(struct context *c, struct str path, struct str bytes);

/* "a/../b" is "b", "/x" and "../x" are "x": sources of COPY can't leave the context. */
struct str context_clean(struct arena *a, struct str path);

#endif
