/* Folders are taken from the path as it is shown; nothing is looked at here. */
#include "cli/places.h"

static void add(struct places *p, struct arena *a, struct str prefix, size_t trusted)
{
    struct folder *f = &p->folders[p->n];
    *f = (struct folder){.path = str_z(a, prefix),
                         .trusted = trusted < prefix.n ? trusted : prefix.n};
    f->prefix = f->path;
    p->contexts[p->n++] = folder_context(f);
}

/* "a/b/" above "a/b/c/"; false when there is none, or ".." hides it. */
static bool above(struct str *prefix)
{
    struct str s = str_sub(*prefix, 0, prefix->n ? prefix->n - 1 : 0);
    ptrdiff_t slash = str_rchr(s, '/');
    struct str last = str_from(s, (size_t)(slash + 1));
    if (!prefix->n || !s.n || str_is(last, ".."))
        return false;
    *prefix = str_sub(s, 0, (size_t)(slash + 1));
    return true;
}

void places_find(struct places *p, struct arena *a, const struct cli *c,
                 const struct walk_input *in)
{
    const char *given = c->options->context;
    struct str path = str_of(in->path);
    p->n = 0;
    if (given) {
        struct str dir = str_of(walk_clean(a, given, NULL));
        if (str_is(dir, "."))
            dir = STR("");
        else if (!str_ends(dir, STR("/")))
            dir = str_cat(a, dir, STR("/"));
        add(p, a, dir, dir.n);
        return;
    }
    if (in->standard_input)
        return;
    struct str prefix = str_sub(path, 0, (size_t)(str_rchr(path, '/') + 1));
    bool absolute = str_starts(path, STR("/"));
    size_t top = absolute ? strlen(in->place->prefix) : 0;
    do
        add(p, a, prefix, in->trusted);
    while (p->n < PLACES_MAX && above(&prefix) && prefix.n >= top);
}

void places_release(struct places *p)
{
    for (size_t i = 0; i < p->n; i++)
        folder_release(&p->folders[i]);
    p->n = 0;
}
