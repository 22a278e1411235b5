/*
 * A file that can't be replaced makes those of its item that were written be put back: half a
 * change is worse than none. The Dockerfile goes last.
 */
#include "cli/writes.h"

static struct write_file *find(struct writes *w, const char *name)
{
    VEC_EACH (f, &w->known)
        if (strcmp(f->name, name) == 0)
            return f;
    return NULL;
}

static struct write_file copy_of(struct arena *a, const struct write_file *f)
{
    return (struct write_file){.path = {str_z(a, str_of(f->path.path)), f->path.trusted},
                               .name = str_z(a, str_of(f->name)),
                               .was = str_dup(a, f->was),
                               .bytes = str_dup(a, f->bytes)};
}

const char *writes_note(struct writes *w, const struct write_item *item, bool *fresh)
{
    for (size_t i = 0; i < item->n; i++) {
        const struct write_file *old = find(w, item->v[i].name);
        fresh[i] = !old;
        if (old && !str_eq(old->bytes, item->v[i].bytes))
            return old->name;
    }
    for (size_t i = 0; i < item->n; i++)
        if (fresh[i])
            *vec_push(w->arena, &w->known) = copy_of(w->arena, &item->v[i]);
    return NULL;
}

void writes_add(struct writes *w, const struct write_item *item)
{
    struct write_item *copy = vec_push(w->arena, &w->items);
    *copy = (struct write_item){0};
    for (size_t i = 0; i < item->n; i++)
        *vec_push(w->arena, copy) = copy_of(w->arena, &item->v[i]);
}

/* The same change of a file by two of them is one. */
static bool is_in(const struct write_item *item, const char *name)
{
    VEC_EACH (f, item)
        if (strcmp(f->name, name) == 0)
            return true;
    return false;
}

void writes_add_together(struct writes *w, const struct write_item *item)
{
    for (size_t i = 0; i < item->n; i++)
        if (!is_in(&w->together, item->v[i].name))
            *vec_push(w->arena, &w->together) = copy_of(w->arena, &item->v[i]);
    w->together_count++;
}

/* The one failure behind the exchange itself is that the folder could not be synced. */
static bool has_bytes(struct arena *a, struct io_path path, struct str bytes)
{
    struct io_file file;
    return !io_read(a, path, SIZE_MAX / 4, &file).message && str_eq(file.bytes, bytes);
}

/* A file may have the new bytes already: an earlier item had the same change. */
static const char *replace(struct arena *a, const struct write_file *f, struct str from,
                           struct str to, bool *done)
{
    struct io_file old;
    unsigned notes;
    struct io_error e = io_read(a, f->path, SIZE_MAX / 4, &old);
    *done = false;
    if (e.message)
        return e.message;
    if (str_eq(old.bytes, to))
        return NULL;
    if (!str_eq(old.bytes, from))
        return str_fmt(a, "'%s' was changed by somebody else meanwhile: left alone", f->name).p;
    e = io_replace(a, f->path, &old, to, &notes);
    *done = !e.message || has_bytes(a, f->path, to);
    return e.message;
}

static const char *put_back(struct arena *a, const struct write_item *item, const bool *done,
                            size_t n, const char *why)
{
    bool ignored;
    while (n-- > 0) {
        const struct write_file *f = &item->v[n];
        if (done[n] && replace(a, f, f->bytes, f->was, &ignored) != NULL)
            why = str_fmt(a, "%s, and '%s' could not be put back", why, f->name).p;
    }
    return why;
}

static const char *write_item(struct arena *a, const struct write_item *item)
{
    bool *done = arena_alloc(a, item->n + 1);
    for (size_t i = 0; i < item->n; i++) {
        const char *why = replace(a, &item->v[i], item->v[i].was, item->v[i].bytes, &done[i]);
        if (why)
            return put_back(a, item, done, i + 1, why);
    }
    return NULL;
}

void writes_finish(struct writes *w, void (*fail)(void *ctx, const char *message, size_t n),
                   void *ctx)
{
    const char *wrong = write_item(w->arena, &w->together);
    if (wrong)
        fail(ctx, wrong, w->together_count);
    VEC_EACH (item, &w->items) {
        const char *why = write_item(w->arena, item);
        if (why)
            fail(ctx, why, 1);
    }
}
