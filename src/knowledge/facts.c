/*
 * The database holds files: built-in ones, each parsed when first needed, and added ones. A lookup
 * finds the one file that knows the repository best, takes what it says and lays the variants whose
 * pattern matches the tag over it. Once a built-in file is published in its slot nothing of it
 * changes, so that threads need the lock only to fill slots.
 */
#include "knowledge/facts.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/bug.h"
#include "knowledge/facts_load.h"
#include "knowledge/templates.h"

static const char FOLDER[] = "images";

struct facts_db {
    pthread_mutex_t lock;
    struct arena arena;                     /* of built-in files; under the lock */
    _Atomic(struct facts_layer *) *builtin; /* by index into templates_table; NULL: not parsed */
    struct arena added_arena;
    VEC(struct facts_layer *) added;
};

struct facts_db *facts_db_new(void)
{
    struct facts_db *db = calloc(1, sizeof *db);
    if (!db)
        bug_out_of_memory(sizeof *db);
    db->builtin = calloc(templates_count + 1, sizeof *db->builtin);
    if (!db->builtin)
        bug_out_of_memory(templates_count);
    pthread_mutex_init(&db->lock, NULL);
    return db;
}

void facts_db_free(struct facts_db *db)
{
    if (!db)
        return;
    for (size_t i = 0; i < templates_count; i++) {
        struct facts_layer *file = atomic_load(&db->builtin[i]);
        if (file)
            facts_layer_free(file);
    }
    VEC_EACH (file, &db->added)
        facts_layer_free(*file);
    arena_release(&db->arena);
    arena_release(&db->added_arena);
    pthread_mutex_destroy(&db->lock);
    free(db->builtin);
    free(db);
}

const char *facts_db_add(struct facts_db *db, const char *label, struct str yaml)
{
    struct arena *a = &db->added_arena;
    struct facts_layer *file = arena_new(a, struct facts_layer);
    const char *error = facts_load(a, str_z(a, str_of(label)), yaml, false, file);
    if (error)
        facts_layer_free(file);
    else
        *vec_push(a, &db->added) = file;
    return error;
}

static struct facts_layer *parse_builtin(struct facts_db *db, const struct template *t)
{
    struct facts_layer *file = arena_new(&db->arena, struct facts_layer);
    const char *error = facts_load(&db->arena, t->path, str_make(t->bytes, t->size), true, file);
    if (error)
        BUG("%s", error);
    return file;
}

static const struct facts_layer *builtin(struct facts_db *db, const struct template *t)
{
    _Atomic(struct facts_layer *) *slot = &db->builtin[t - templates_table];
    struct facts_layer *file = atomic_load_explicit(slot, memory_order_acquire);
    if (file)
        return file;
    pthread_mutex_lock(&db->lock);
    file = atomic_load_explicit(slot, memory_order_relaxed);
    if (!file) {
        file = parse_builtin(db, t);
        atomic_store_explicit(slot, file, memory_order_release);
    }
    pthread_mutex_unlock(&db->lock);
    return file;
}

/* How well a name of a file fits: 0 not at all, more the longer a prefix is, most when exact. */
static size_t fits(struct str name, struct str repository)
{
    if (str_eq(name, repository))
        return SIZE_MAX;
    struct str stem = str_sub(name, 0, name.n - 1);
    return str_ends(name, STR("*")) && str_starts(repository, stem) ? name.n : 0;
}

/* "golang" for arm64v8/golang: the official images are published by architecture too, in
 * namespaces of their own. Empty for anything else. */
static struct str without_architecture(struct str repository)
{
    static const char *const names[] = {"amd64",   "arm32v5",  "arm32v6", "arm32v7", "arm64v8",
                                        "i386",    "mips64le", "ppc64le", "riscv64", "s390x",
                                        "aarch64", "armhf",    "armel",   NULL};
    ptrdiff_t slash = str_chr(repository, '/');
    struct str rest = slash < 0 ? STR("") : str_from(repository, (size_t)slash + 1);
    for (const char *const *n = names; rest.n && str_chr(rest, '/') < 0 && *n; n++)
        if (str_eq(str_sub(repository, 0, (size_t)slash), str_of(*n)))
            return rest;
    return STR("");
}

static const struct facts_layer *file_for(struct facts_db *db, struct str repository)
{
    const struct facts_layer *best = NULL;
    size_t best_fit = 1;
    VEC_EACH (file, &db->added)
        VEC_EACH (name, &(*file)->images) {
            size_t fit = fits(*name, repository);
            if (fit >= best_fit) { /* equal: the later one */
                best = *file;
                best_fit = fit;
            }
        }
    if (best)
        return best;
    const struct template *t = templates_named(FOLDER, repository);
    if (!t)
        t = templates_named(FOLDER, without_architecture(repository));
    return t ? builtin(db, t) : NULL;
}

bool facts_find(struct facts_db *db, struct arena *a, const struct image_ref *image,
                struct facts *out)
{
    const struct facts_layer *file = file_for(db, image->repository);
    struct str tag = image->tag.n ? image->tag : STR("latest");
    if (!file)
        return false;
    struct facts_layer *merged = arena_new(a, struct facts_layer);
    *merged = *file;
    VEC_EACH (variant, &file->variants) {
        enum rx_result r = rx_match(variant->tag, tag, NULL);
        if (r == RX_LIMIT)
            return false;
        if (r == RX_YES)
            facts_layer_merge(merged, variant);
    }
    facts_layer_settle(merged);
    *out = merged->facts;
    out->tag_guessed = !image->tag.n && image->digest.n && file->variants.n;
    return true;
}

/* Every image has it, but images without /etc/passwd. */
static const struct facts_user *root_of(const struct facts *f)
{
    static const struct facts_user root = {
        .name = {"root", 4}, .group = {"root", 4}, .home = {"/root", 5}};
    return f->family == FACTS_SCRATCH || f->family == FACTS_WINDOWS ? NULL : &root;
}

const struct facts_user *facts_user_named(const struct facts *f, struct str name)
{
    VEC_EACH (u, &f->users)
        if (str_eq(u->name, name))
            return u;
    return str_is(name, "root") ? root_of(f) : NULL;
}

const struct facts_user *facts_user_with(const struct facts *f, uint32_t uid)
{
    VEC_EACH (u, &f->users)
        if (u->uid == uid)
            return u;
    return uid == 0 ? root_of(f) : NULL;
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

size_t facts_db_names(struct facts_db *db, struct arena *a, const struct str **names)
{
    VEC(struct str) all = {0};
    struct template_names exact = templates_exact_names(FOLDER);
    struct template_names prefixes = templates_prefix_names(FOLDER);
    VEC_EACH (it, &exact)
        *vec_push(a, &all) = str_of(it->name);
    VEC_EACH (it, &prefixes)
        *vec_push(a, &all) = str_cat(a, str_of(it->name), STR("*"));
    VEC_EACH (file, &db->added)
        VEC_EACH (it, &(*file)->images)
            *vec_push(a, &all) = *it;
    size_t n = 0;
    if (all.n)
        qsort(all.v, all.n, sizeof *all.v, by_text);
    for (size_t i = 0; i < all.n; i++)
        if (i == 0 || !str_eq(all.v[i], all.v[n - 1]))
            all.v[n++] = all.v[i];
    *names = all.v;
    return n;
}
