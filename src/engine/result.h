/* What is behind include/unroot.h's ur_result; made by pipeline.c and manifest.c. */
#ifndef ENGINE_RESULT_H
#define ENGINE_RESULT_H

#include "engine/changes.h"
#include "engine/export.h"
#include "engine/registry.h"

struct ur_result {
    struct arena arena;
    const struct settings *settings;
    struct outcome outcome;
    struct str source, bytes, patch;
    struct changes files;
    int context; /* index of the one that was taken */
    struct unit *after; /* over the new bytes; NULL when they are those of the input */
    struct exported images;
    const struct ur_moved *moved;
    size_t moved_count;
};

/* Nothing has been changed so far. */
struct ur_result *result_new(const struct ur_options *options, const char *path, const void *bytes,
                             size_t size);
/* Nothing is to be changed: `line` 0 for the whole file. */
void result_fail(struct ur_result *r, enum ur_status status, const char *reason, unsigned line,
                 unsigned column, const char *message);

#endif
