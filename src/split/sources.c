/* The author's code, where the build context shows all of it. */
#include "base/utf8.h"
#include "split/split.h"

enum { FILES_MAX = 3000, NESTING_MAX = 24 };

struct look {
    struct split *sp;
    const char *const *ends;
    void (*each)(void *ctx, struct str path, struct str text);
    void *ctx;
    size_t files;
    bool complete;
};

static bool is_wanted(const struct look *l, struct str name)
{
    for (const char *const *e = l->ends; *e; e++)
        if (str_ends(name, str_of(*e)))
            return true;
    return false;
}

static void folder(struct look *l, struct str path, unsigned nesting);

static void entry(struct look *l, struct str path, unsigned nesting)
{
    struct context *c = l->sp->u->context;
    enum ur_entry kind = context_look(c, path)->kind;
    if (kind == UR_ENTRY_FOLDER) {
        folder(l, path, nesting + 1);
    } else if (kind == UR_ENTRY_FILE && is_wanted(l, path)) {
        struct str text = context_read(c, path);
        l->complete &= text.p != NULL && ++l->files <= FILES_MAX;
        if (text.p && l->files <= FILES_MAX)
            l->each(l->ctx, path, text);
    } else if (kind != UR_ENTRY_FILE) {
        l->complete = false; /* a link may lead to more */
    }
}

static void folder(struct look *l, struct str path, unsigned nesting)
{
    const struct context_folder *f = context_list(l->sp->u->context, path);
    if (!f->complete || nesting > NESTING_MAX) {
        l->complete = false;
        return;
    }
    for (size_t i = 0; i < f->n && l->complete; i++) {
        struct str name = f->names[i];
        if (name.n && name.p[0] == '.')
            continue;
        entry(l,
              path.n ? str_fmt(l->sp->u->arena, "%.*s/%.*s", STR_ARG(path), STR_ARG(name)) : name,
              nesting);
    }
}

bool split_sources(struct split *sp, const char *const *ends,
                   void (*each)(void *ctx, struct str path, struct str text), void *ctx)
{
    struct look l = {sp, ends, each, ctx, 0, sp->u->context != NULL};
    if (l.complete)
        folder(&l, STR(""), 0);
    return l.complete;
}
