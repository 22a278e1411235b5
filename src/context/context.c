/*
 * Answers are kept in lists that are searched one by one: there are few of them, because CAPS end
 * the questions. Whoever goes beyond a cap is told "not known", never "not there".
 */
#include "context/context.h"

#include <stdlib.h>

#include "dockerfile/stage.h"

enum { FOLDERS_MAX = 500, ENTRIES_MAX = 4000 };

struct str context_clean(struct arena *a, struct str path)
{
    return str_from(stage_join(a, STR("/"), path), 1);
}

/* ---- entries -------------------------------------------------------------------------------- */

static struct context_entry *find(struct context *c, struct str path)
{
    VEC_EACH (e, &c->entries)
        if (str_eq((*e)->path, path))
            return *e;
    struct context_entry *e = arena_new(c->arena, struct context_entry);
    *e = (struct context_entry){.path = str_dup(c->arena, path), .kind = UR_ENTRY_UNKNOWN};
    if (c->entries.n < ENTRIES_MAX)
        *vec_push(c->arena, &c->entries) = e;
    else
        e->looked = true;
    return e;
}

static bool too_much(const struct context *c)
{
    return c->looks >= CONTEXT_LOOKS_MAX || c->bytes >= CONTEXT_BYTES_MAX;
}

static void look(struct context *c, struct context_entry *e, bool ignoring)
{
    e->looked = true;
    if (too_much(c))
        return;
    c->looks++;
    if (ignoring && !c->ignore.complete && c->ignore.rules.n)
        e->kind = UR_ENTRY_UNKNOWN;
    if (ignoring && e->path.n && ignore_has(&c->ignore, e->path) &&
        !ignore_has_children(&c->ignore, e->path)) {
        e->kind = c->ignore.complete ? UR_ENTRY_NONE : UR_ENTRY_UNKNOWN;
        return;
    }
    e->kind = c->outer->look(c->outer->ctx, e->path.p, &e->mode, &e->size);
}

static void read_entry(struct context *c, struct context_entry *e)
{
    const char *bytes;
    size_t size;
    e->read = true;
    if (e->kind != UR_ENTRY_FILE || e->size > CONTEXT_FILE_MAX || too_much(c))
        return;
    if (c->outer->read(c->outer->ctx, e->path.p, CONTEXT_FILE_MAX, &bytes, &size))
        return;
    c->bytes += size;
    e->bytes = str_dup(c->arena, str_make(bytes, size));
}

const struct context_entry *context_look(struct context *c, struct str path)
{
    struct context_entry *e = find(c, path);
    if (!e->looked)
        look(c, e, true);
    return e;
}

struct str context_read(struct context *c, struct str path)
{
    struct context_entry *e = find(c, path);
    if (!e->looked)
        look(c, e, true);
    if (e->now.p)
        return e->now;
    if (!e->read)
        read_entry(c, e);
    return e->bytes;
}

void context_write(struct context *c, struct str path, struct str bytes)
{
    find(c, path)->now = str_dup(c->arena, bytes);
}

/* ---- folders -------------------------------------------------------------------------------- */

struct listing {
    struct context *c;
    struct context_folder *folder;
    VEC(struct str) names;
};

static void add_name(void *ctx, const char *name)
{
    struct listing *l = ctx;
    struct str path = l->folder->path.n
                          ? str_fmt(l->c->arena, "%.*s/%s", STR_ARG(l->folder->path), name)
                          : str_dup(l->c->arena, str_of(name));
    if (l->names.n >= CONTEXT_NAMES_MAX)
        l->folder->complete = false;
    else if (!ignore_has(&l->c->ignore, path) || ignore_has_children(&l->c->ignore, path))
        *vec_push(l->c->arena, &l->names) = str_from(path, path.n - strlen(name));
}

static int compare(const void *x, const void *y)
{
    return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

const struct context_folder *context_list(struct context *c, struct str path)
{
    VEC_EACH (f, &c->folders)
        if (str_eq((*f)->path, path))
            return *f;
    struct context_folder *folder = arena_new(c->arena, struct context_folder);
    *folder =
        (struct context_folder){.path = str_dup(c->arena, path), .complete = c->ignore.complete};
    struct listing l = {.c = c, .folder = folder};
    if (too_much(c) || c->folders.n >= FOLDERS_MAX ||
        c->outer->list(c->outer->ctx, folder->path.p, add_name, &l))
        folder->complete = false;
    c->looks += l.names.n;
    if (l.names.n)
        qsort(l.names.v, l.names.n, sizeof *l.names.v, compare);
    folder->names = l.names.v;
    folder->n = l.names.n;
    if (c->folders.n < FOLDERS_MAX)
        *vec_push(c->arena, &c->folders) = folder;
    return folder;
}

/* ---- making one ----------------------------------------------------------------------------- */

/* The ignore file itself is read whether it is ignored or not. */
static bool read_ignore(struct context *c, struct str path)
{
    struct context_entry e = {.path = str_dup(c->arena, path)};
    look(c, &e, false);
    read_entry(c, &e);
    if (e.kind == UR_ENTRY_NONE)
        return false;
    c->ignore = ignore_read(c->arena, e.bytes);
    if (!e.bytes.p)
        c->ignore.complete = false;
    return true;
}

struct context *context_new(struct arena *a, const struct ur_context *outer, struct str dockerfile)
{
    struct context *c = arena_new(a, struct context);
    *c = (struct context){.arena = a,
                          .outer = outer,
                          .prefix = str_z(a, str_of(outer->prefix)),
                          .ignore.complete = true};
    bool beside = dockerfile.n && read_ignore(c, str_cat(a, dockerfile, STR(".dockerignore")));
    if (!beside)
        read_ignore(c, STR(".dockerignore"));
    return c;
}

struct context *context_again(struct arena *a, const struct context *old)
{
    struct context *c = arena_new(a, struct context);
    *c = (struct context){
        .arena = a, .outer = old->outer, .prefix = old->prefix, .ignore = old->ignore};
    for (size_t i = 0; i < old->entries.n; i++) {
        struct context_entry *e = arena_new(a, struct context_entry);
        *e = *old->entries.v[i];
        if (e->now.p)
            e->bytes = e->now;
        e->now = STR_NULL;
        *vec_push(a, &c->entries) = e;
    }
    return c;
}
