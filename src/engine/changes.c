/* Edits come from passes in any order; here they are sorted, and refused when they overlap. */
#include "engine/changes.h"

#include <stdlib.h>

#include "text/patch.h"

typedef VEC(struct patch_edit) edits_vec;

static int compare(const void *x, const void *y)
{
    const struct file_edit *a = x, *b = y;
    int c = str_cmp(a->path, b->path);
    if (c)
        return c;
    return a->old.from < b->old.from ? -1 : a->old.from > b->old.from;
}

static bool same(const struct file_edit *a, const struct file_edit *b)
{
    return str_eq(a->path, b->path) && a->old.from == b->old.from && a->old.to == b->old.to &&
           str_eq(a->with, b->with);
}

/* Sorted; an edit that two passes want is made once. False when two overlap. */
static bool sort(struct unit *u)
{
    struct file_edit *v = u->file_edits.v;
    size_t kept = 0;
    qsort(v, u->file_edits.n, sizeof *v, compare);
    for (size_t i = 0; i < u->file_edits.n; i++) {
        if (kept && same(&v[kept - 1], &v[i]))
            continue;
        if (kept && str_eq(v[kept - 1].path, v[i].path) && v[i].old.from < v[kept - 1].old.to)
            return false;
        v[kept++] = v[i];
    }
    u->file_edits.n = kept;
    return true;
}

static const char *make_one(struct unit *u, struct changes *out, const struct file_edit *edits,
                            size_t n)
{
    struct arena *a = u->arena;
    struct str path = edits->path, was = context_read(u->context, path);
    edits_vec list = {0};
    for (size_t i = 0; i < n; i++) {
        if (edits[i].old.to > was.n || edits[i].old.from > edits[i].old.to)
            return "an edit of a context file lies outside of it";
        *vec_push(a, &list) = (struct patch_edit){edits[i].old, edits[i].with};
    }
    struct str now = patch_apply(a, was, list.v, list.n);
    struct str name = str_cat(a, str_of(u->context->outer->prefix), path);
    struct patch p = {name, was, list.v, list.n, NULL, NULL};
    struct str patch = patch_print(a, &p);
    out->edits[out->n] = (struct outcome_change){name, was, list.v, list.n};
    *vec_push(a, out) = (struct ur_file){.path = str_z(a, path),
                                         .name = name.p,
                                         .was = was.p,
                                         .was_size = was.n,
                                         .bytes = now.p,
                                         .size = now.n,
                                         .patch = patch.p,
                                         .patch_size = patch.n};
    return NULL;
}

const char *changes_make(struct unit *u, struct changes *out)
{
    const struct file_edit *v = u->file_edits.v;
    size_t n = u->file_edits.n;
    *out = (struct changes){0};
    if (!n)
        return NULL;
    if (!u->context || !sort(u))
        return "two edits of a context file overlap";
    n = u->file_edits.n;
    out->edits = arena_alloc(u->arena, n * sizeof *out->edits);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && str_eq(v[end].path, v[i].path); end++)
            ;
        const char *why = make_one(u, out, v + i, end - i);
        if (why)
            return why;
    }
    for (size_t i = 0; i < out->n; i++)
        context_write(u->context, str_of(out->v[i].path),
                      str_make(out->v[i].bytes, out->v[i].size));
    return NULL;
}

struct str changes_patch(struct arena *a, const struct changes *c)
{
    struct str all = STR("");
    for (size_t i = 0; i < c->n; i++)
        all = str_cat(a, all, str_make(c->v[i].patch, c->v[i].patch_size));
    return all;
}
