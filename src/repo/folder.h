/*
 * A folder on the disk as a build context (struct ur_context). Symbolic links are seen, never
 * followed; only regular files are read.
 */
#ifndef REPO_FOLDER_H
#define REPO_FOLDER_H

#include "base/io.h"
#include "unroot.h"

struct folder {
    struct arena arena; /* scratch, for one call at a time */
    const char *path;   /* "" or ends with '/' */
    size_t trusted;     /* see struct io_path */
    const char *prefix; /* how the folder is called in patches: "" or ends with '/' */
};

/* What the engine is given; borrows `f`. */
struct ur_context folder_context(struct folder *f);
/* Where a file of it lies. */
struct io_path folder_file(struct arena *a, const struct folder *f, const char *path);
void folder_release(struct folder *f);

#endif
