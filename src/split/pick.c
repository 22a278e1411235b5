/*
 * A project is copied as a whole and built; the program that comes of it may read what is not
 * source: templates, static files, configuration. Those are copied, each by its name. A folder in
 * which there is nothing but sources is one itself.
 */
#include "split/pick.h"

enum { LEVELS_MAX = 12 };

static bool is_source(const struct split *sp, struct str name)
{
    return distroless_lists(&sp->data.sources, name) || distroless_lists(&sp->common.sources, name);
}

static struct str join(struct split *sp, struct str dir, struct str name)
{
    return context_clean(sp->u->arena,
                         str_fmt(sp->u->arena, "%.*s/%.*s", STR_ARG(dir), STR_ARG(name)));
}

/* Nothing but sources? False also when that can't be told. */
static bool is_source_folder(struct split *sp, struct str path, unsigned level)
{
    const struct context_folder *f = context_list(sp->u->context, path);
    if (!f->complete || level > LEVELS_MAX)
        return false;
    for (size_t i = 0; i < f->n; i++) {
        struct str inner = join(sp, path, f->names[i]);
        if (!is_source(sp, f->names[i]) &&
            (context_look(sp->u->context, inner)->kind != UR_ENTRY_FOLDER ||
             !is_source_folder(sp, inner, level + 1)))
            return false;
    }
    return true;
}

static bool pick_folder(struct split *sp, struct str source, struct str dest, bool copy)
{
    const struct context_folder *f = context_list(sp->u->context, source);
    for (size_t i = 0; copy && i < f->n; i++) {
        struct str inner = join(sp, source, f->names[i]);
        bool folder = context_look(sp->u->context, inner)->kind == UR_ENTRY_FOLDER;
        if (!is_source(sp, f->names[i]) && !(folder && is_source_folder(sp, inner, 0)))
            split_copy(sp, stage_join(sp->u->arena, dest, f->names[i]), false);
    }
    return f->complete;
}

/* The whole project, in a place where the program does not run: nobody looks for its files there.
 */
static bool is_aside(const struct split *sp, struct str dest)
{
    const struct stage_path *workdir = &sp->s->workdir;
    if (!workdir->known || str_is(workdir->path, "/") || stage_inside(workdir->path, dest))
        return false;
    return stage_inside(dest, STR("/go/src")) || !stage_inside(dest, workdir->path);
}

/* One source; with `copy` what is in it is copied. */
static bool pick_source(struct split *sp, const struct stage_step *step, struct str source,
                        bool copy)
{
    struct str clean = context_clean(sp->u->arena, source);
    bool here = str_is(str_basename(source), ".") || str_is(str_basename(source), "..") || !clean.n;
    if (!here && is_source(sp, str_basename(source)))
        return true;
    if (!sp->u->context)
        return is_aside(sp, step->dest.path);
    return context_look(sp->u->context, clean)->kind == UR_ENTRY_FOLDER &&
           pick_folder(sp, clean, step->dest.path, copy);
}

bool pick_data(struct split *sp, const struct stage_step *step)
{
    if (!step->from_context || step->item->node.heredocs.n)
        return false;
    for (size_t i = 0; i < step->sources.n; i++)
        if (!pick_source(sp, step, step->sources.v[i], false))
            return false;
    for (size_t i = 0; i < step->sources.n; i++)
        pick_source(sp, step, step->sources.v[i], true);
    return true;
}
