/*
 * A template is read when one of its programs is first asked for, and kept. The index from name to
 * template was made at build time.
 */
#include "knowledge/program.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/bug.h"
#include "knowledge/templates.h"
#include "yaml/ydoc.h"

enum { SLOTS_MAX = 512 };

struct program_db {
    pthread_mutex_t lock;
    struct arena arena;
    struct program *slots[SLOTS_MAX]; /* by index into templates_table, offset by `first` */
    const struct template *first;
};

static const char *const kinds[] = {"direct", "ignore", "wrapper", "shell",
                                    "review", "refuse", NULL};

/* The names are for the index; here they only have to be there. */
static bool skip(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f, void *to)
{
    (void)f;
    (void)to;
    return ydoc_is_list(d, n);
}

static const struct ydoc_field fields[] = {
    {.key = "programs", .read = skip, .required = true},
    {YDOC_AT(struct program, kind), .key = "kind", .read = ydoc_read_choice, .words = kinds,
     .required = true},
    {YDOC_AT(struct program, reason), .key = "reason", .read = ydoc_read_text},
    {YDOC_AT(struct program, message), .key = "message", .read = ydoc_read_text},
    {YDOC_AT(struct program, assumption), .key = "assumption", .read = ydoc_read_text},
    {YDOC_AT(struct program, options_with_value), .key = "options_with_value",
     .read = ydoc_read_texts},
    {YDOC_AT(struct program, separator), .key = "separator", .read = ydoc_read_text},
    {YDOC_AT(struct program, subcommands), .key = "subcommands", .read = ydoc_read_texts},
    {YDOC_AT(struct program, builds_with), .key = "builds_with", .read = ydoc_read_texts},
    {YDOC_AT(struct program, writes), .key = "writes", .read = ydoc_read_texts},
    {YDOC_AT(struct program, stateless), .key = "stateless", .read = ydoc_read_bool},
    {YDOC_AT(struct program, port), .key = "port", .read = ydoc_read_number, .min = 1,
     .max = 65535},
};

static struct program *load(struct program_db *db, const struct template *t)
{
    struct ydoc d = {0};
    struct program *p = arena_new(&db->arena, struct program);
    if (!ydoc_parse(&d, &db->arena, t->path, str_make(t->bytes, t->size)) ||
        !ydoc_fields(&d, d.root, fields, sizeof fields / sizeof *fields, p, NULL))
        BUG("%s", d.error);
    return p;
}

struct program_db *program_db_new(void)
{
    struct program_db *db = calloc(1, sizeof *db);
    if (!db)
        bug_out_of_memory(sizeof *db);
    pthread_mutex_init(&db->lock, NULL);
    struct templates all = templates_each(STR("templates/programs/"));
    if (all.n > SLOTS_MAX)
        BUG("more than %d program templates", SLOTS_MAX);
    db->first = all.v;
    return db;
}

void program_db_free(struct program_db *db)
{
    if (!db)
        return;
    arena_release(&db->arena);
    pthread_mutex_destroy(&db->lock);
    free(db);
}

const struct program *program_find(struct program_db *db, struct str name)
{
    const struct template *t = templates_named("programs", name);
    if (!t)
        return NULL;
    pthread_mutex_lock(&db->lock);
    struct program **slot = &db->slots[t - db->first];
    if (!*slot)
        *slot = load(db, t);
    const struct program *p = *slot;
    pthread_mutex_unlock(&db->lock);
    return p;
}
