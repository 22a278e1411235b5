/* Few and small files: all are read together, when the first build context is looked at. */
#include "knowledge/runtime.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/bug.h"
#include "knowledge/templates.h"
#include "yaml/ydoc.h"

struct runtime_db {
    pthread_mutex_t lock;
    struct arena arena;
    bool loaded;
    VEC(struct runtime) all;
};

static const struct ydoc_field fields[] = {
    {YDOC_AT(struct runtime, names), .key = "runtimes", .read = ydoc_read_texts, .required = true},
    {YDOC_AT(struct runtime, source), .key = "source", .read = ydoc_read_text, .required = true},
    {YDOC_AT(struct runtime, checked), .key = "checked", .read = ydoc_read_text, .required = true},
    {YDOC_AT(struct runtime, detect), .key = "detect", .read = ydoc_read_texts, .required = true},
    {YDOC_AT(struct runtime, writable), .key = "writable", .read = ydoc_read_texts,
     .required = true},
};

static void load(struct runtime_db *db)
{
    struct templates all = templates_each(STR("templates/runtimes/"));
    VEC_EACH (t, &all) {
        struct ydoc d = {0};
        struct runtime r = {0};
        if (!ydoc_parse(&d, &db->arena, t->path, str_make(t->bytes, t->size)) ||
            !ydoc_fields(&d, d.root, fields, sizeof fields / sizeof *fields, &r, NULL))
            BUG("%s", d.error);
        r.name = r.names.n ? r.names.v[0] : STR("");
        *vec_push(&db->arena, &db->all) = r;
    }
    db->loaded = true;
}

struct runtime_db *runtime_db_new(void)
{
    struct runtime_db *db = calloc(1, sizeof *db);
    if (!db)
        bug_out_of_memory(sizeof *db);
    pthread_mutex_init(&db->lock, NULL);
    return db;
}

void runtime_db_free(struct runtime_db *db)
{
    if (!db)
        return;
    arena_release(&db->arena);
    pthread_mutex_destroy(&db->lock);
    free(db);
}

struct runtimes runtime_all(struct runtime_db *db)
{
    pthread_mutex_lock(&db->lock);
    if (!db->loaded)
        load(db);
    pthread_mutex_unlock(&db->lock);
    return (struct runtimes){db->all.v, db->all.n};
}
