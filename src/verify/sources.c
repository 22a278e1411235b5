/*
 * The user's folder is only read. The rewritten Dockerfile goes to the builder from elsewhere, by
 * -f; what is ignored by a file named after the Dockerfile has to go with it.
 */
#include "verify/sources.h"

#include "context/ignore.h"

enum { IGNORE_MAX = 1 << 20 };

struct skipping {
    struct ignore ignore;
};

/* Left out of the copy is only what the builder would leave out whatever else is said. */
static bool skip(void *ctx, const char *path, bool folder)
{
    const struct skipping *s = ctx;
    struct str p = str_of(path);
    return ignore_has(&s->ignore, p) && !(folder && ignore_has_children(&s->ignore, p));
}

static bool read_beside(struct arena *a, const char *path, size_t trusted, struct str *out)
{
    struct io_file file;
    struct io_error e = io_read(a, (struct io_path){path, trusted}, IGNORE_MAX, &file);
    *out = file.bytes;
    return !e.message;
}

static bool is_changed(const struct verify_plan *plan, const char *path)
{
    VEC_EACH (f, &plan->files)
        if (strcmp(f->path, path) == 0)
            return true;
    return false;
}

static const char *copy_context(struct workdir *w, const struct verify_plan *plan, bool own_ignore)
{
    struct str text;
    struct skipping s = {0};
    struct str folder = str_of(plan->context); /* "" is where we are */
    bool open = folder.n && !str_ends(folder, STR("/"));
    struct str where = str_fmt(w->arena, "%s%s.dockerignore", plan->context, open ? "/" : "");
    bool known = !own_ignore && !is_changed(plan, ".dockerignore") &&
                 read_beside(w->arena, where.p, plan->context_trusted, &text);
    if (known)
        s.ignore = ignore_read(w->arena, text);
    known = known && s.ignore.complete;
    const char *wrong =
        workdir_copy(w, plan->context, plan->context_trusted, "context", known ? skip : NULL, &s);
    for (size_t i = 0; i < plan->files.n && !wrong; i++)
        wrong = workdir_replace(w, str_fmt(w->arena, "context/%s", plan->files.v[i].path).p,
                                plan->files.v[i].bytes);
    return wrong;
}

const char *sources_make(struct workdir *w, const struct verify_plan *plan,
                         struct source *rewritten)
{
    struct str ignore;
    const char *name = str_fmt(w->arena, "%s.dockerignore", plan->dockerfile).p;
    bool own_ignore = read_beside(w->arena, name, str_rchr(str_of(name), '/') + 1, &ignore);
    const char *wrong = workdir_write(w, "Dockerfile", plan->rewritten);
    if (!wrong && own_ignore)
        wrong = workdir_write(w, "Dockerfile.dockerignore", ignore);
    rewritten->dockerfile = str_fmt(w->arena, "%s/Dockerfile", w->path).p;
    rewritten->context = plan->context;
    if (wrong || !plan->files.n)
        return wrong;
    rewritten->context = str_fmt(w->arena, "%s/context", w->path).p;
    return copy_context(w, plan, own_ignore);
}
