/* A build context in memory, for tests: a table of paths that a NULL ends. */
#ifndef TESTS_TREE_H
#define TESTS_TREE_H

#include <string.h>

#include "unroot.h"

struct tree_file {
    const char *path;
    const char *bytes;
    unsigned mode;      /* 0: 0644 */
    enum ur_entry kind; /* 0 (UR_ENTRY_NONE): a regular file */
};

static inline enum ur_entry tree_look(void *ctx, const char *path, unsigned *mode, size_t *size)
{
    size_t n = strlen(path);
    if (!n)
        return UR_ENTRY_FOLDER;
    for (const struct tree_file *f = ctx; f->path; f++) {
        if (strcmp(f->path, path) == 0) {
            *mode = f->mode ? f->mode : 0644;
            *size = f->bytes ? strlen(f->bytes) : 0;
            return f->kind ? f->kind : UR_ENTRY_FILE;
        }
        if (strncmp(f->path, path, n) == 0 && f->path[n] == '/')
            return UR_ENTRY_FOLDER;
    }
    return UR_ENTRY_NONE;
}

static inline int tree_read(void *ctx, const char *path, size_t cap, const char **bytes,
                            size_t *size)
{
    for (const struct tree_file *f = ctx; f->path; f++)
        if (strcmp(f->path, path) == 0 && f->bytes && strlen(f->bytes) <= cap) {
            *bytes = f->bytes;
            *size = strlen(f->bytes);
            return 0;
        }
    return -1;
}

/* Names come as often as there are files below them, as no folder of a disk would give them. */
static inline int tree_list(void *ctx, const char *path, void (*each)(void *, const char *),
                            void *each_ctx)
{
    size_t n = strlen(path);
    char last[200] = "", name[200];
    for (const struct tree_file *f = ctx; f->path; f++) {
        if (n && (strncmp(f->path, path, n) != 0 || f->path[n] != '/'))
            continue;
        const char *rest = f->path + n + (n > 0), *slash = strchr(rest, '/');
        size_t len = slash ? (size_t)(slash - rest) : strlen(rest);
        if (len >= sizeof name)
            continue;
        memcpy(name, rest, len);
        name[len] = 0;
        if (strcmp(name, last) != 0)
            each(each_ctx, name);
        memcpy(last, name, len + 1);
    }
    return 0;
}

static inline struct ur_context tree_context(const struct tree_file *files)
{
    return (struct ur_context){.ctx = (void *)files,
                               .prefix = "",
                               .look = tree_look,
                               .read = tree_read,
                               .list = tree_list};
}

#endif
