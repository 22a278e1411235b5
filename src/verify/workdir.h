/*
 * workdir: a private folder for what a build needs and the user's tree must not get: the rewritten
 * Dockerfile, and a copy of the build context when files of it are rewritten, too.
 */
#ifndef VERIFY_WORKDIR_H
#define VERIFY_WORKDIR_H

#include "base/io.h"

struct workdir {
    struct arena *arena;
    const char *path; /* NULL: there is none */
};

/* Under TMPDIR, for nobody else to look into. NULL, or what is wrong. */
const char *workdir_make(struct workdir *w, struct arena *a);
/* Writes a new file, and makes the folders above it. `path` is relative. NULL, or what is wrong. */
const char *workdir_write(struct workdir *w, const char *path, struct str bytes);
/* The same, in place of what is there: that file's mode stays. */
const char *workdir_replace(struct workdir *w, const char *path, struct str bytes);
/* Copies a folder with all that is in it, modes and times; links are copied, never followed.
 * `trusted` as in struct io_path. What `skip` says is left out. */
const char *workdir_copy(struct workdir *w, const char *from, size_t trusted, const char *to,
                         bool (*skip)(void *ctx, const char *path, bool folder), void *ctx);
/* Removes it all. NULL, or what is wrong. */
const char *workdir_remove(struct workdir *w);

#endif
