/*
 * Frameworks and runtimes: by which files of the project they are known, and where below the
 * working directory they write when they run: the files of templates/runtimes (docs/runtimes.md).
 */
#ifndef KNOWLEDGE_RUNTIME_H
#define KNOWLEDGE_RUNTIME_H

#include "base/str.h"
#include "base/vec.h"

struct runtime {
    struct str name;
    struct str source;        /* where that is written */
    struct str checked;       /* when it was looked up */
    VEC(struct str) names;    /* the `runtimes:` line */
    VEC(struct str) detect;   /* files: one of them is enough */
    VEC(struct str) writable; /* directories */
};

struct runtimes {
    const struct runtime *v;
    size_t n;
};

struct runtime_db;

struct runtime_db *runtime_db_new(void);
void runtime_db_free(struct runtime_db *db);

/* All of them, sorted by file name. Read when first asked for; safe for many threads. */
struct runtimes runtime_all(struct runtime_db *db);

#endif
