/*
 * What the common rules would give to the user (owned.c: the working directory, volumes, what is
 * named in ENV), and the directories that steps have made or given to somebody: those are left to
 * the file by the common rules, but no step makes them in the last stage.
 */
#include "split/dirs.h"

#include "unit/account.h"
#include "unit/operand.h"
#include "unit/owned.h"
#include "unit/path.h"

/* Made by a step that builds, for building. */
static bool is_for_building(const struct split *sp, struct str path)
{
    static const char *const dirs[] = {"/go", "/build", "/src", "/usr/src", "/out", NULL};
    const struct stage_path *workdir = &sp->s->workdir;
    if (workdir->known && str_eq(path, workdir->path))
        return false;
    for (const char *const *d = dirs; *d; d++)
        if (stage_inside(path, str_of(*d)))
            return true;
    return false;
}

bool dirs_is_volume(const struct split *sp, struct str path)
{
    VEC_EACH (v, &sp->s->volumes)
        if (v->item && v->path.n && stage_inside(path, v->path))
            return true;
    return false;
}

/* ---- what steps make ------------------------------------------------------------------------ */

struct where {
    struct split *sp;
    struct stage *s;
    const struct stage_step *step;
    struct str cwd;    /* "" when not known */
    struct strs *made; /* directories */
};

static struct str place(const struct where *w, const struct shell_word *word)
{
    struct str text;
    if (!operand_path(w->s, w->step, word, &text) || (!w->cwd.n && text.p[0] != '/'))
        return STR("");
    return stage_join(w->sp->u->arena, w->cwd, text);
}

/* A step makes it, or works in it. */
static bool is_directory(const struct where *w, struct str path)
{
    const struct stage *s = w->sp->s;
    if (s->workdir.known && stage_inside(s->workdir.path, path))
        return true;
    for (size_t i = 0; i < w->made->n; i++)
        if (stage_inside(w->made->v[i], path))
            return true;
    VEC_EACH (step, &s->steps) {
        enum df_cmd cmd = step->item->node.cmd;
        if ((cmd == DF_COPY || cmd == DF_ADD) && step->dest.known && step->dest_is_dir &&
            str_eq(step->dest.path, path))
            return true;
    }
    return dirs_is_volume(w->sp, path);
}

/* chown USER PATH */
static void take_given(const struct where *w, struct str path)
{
    bool system = !path_is_application(path) && !path_is_state(path);
    if (system || (!w->sp->in_place && is_for_building(w->sp, path)))
        return;
    if (is_directory(w, path))
        split_own(w->sp, path);
    else if (!split_covers(w->sp, path))
        split_refuse(w->sp, "files-not-seen", w->step->item,
                     "gives '%s' to a user, and what that is is not seen", split_text(w->sp, path));
}

static void take_made(const struct where *w, struct str path)
{
    *vec_push(w->sp->u->arena, w->made) = path;
    if (w->sp->may_write && (path_is_application(path) || path_is_state(path)) &&
        (w->sp->in_place || !is_for_building(w->sp, path)))
        split_own(w->sp, path);
}

static void take(const struct where *w, const struct run_effect *e, const struct shell_word *word)
{
    struct str path = place(w, word);
    bool made = e->kind == RUN_MKDIR, given = !made && !account_is_root(e->name);
    if (path.n && made)
        take_made(w, path);
    else if (path.n && given)
        take_given(w, path);
    else if (given || (made && w->sp->may_write))
        split_refuse(w->sp, "path-not-known", w->step->item,
                     "makes, or gives away, '%s', and it is not known where that is",
                     split_text(w->sp, word->value));
}

static void from_run(struct where *w, const struct run_effects *run)
{
    VEC_EACH (e, &run->effects) {
        if (e->kind == RUN_CD)
            w->cwd = e->operands.n == 1 ? place(w, &e->operands.v[0]) : STR("");
        bool concerns = e->kind == RUN_MKDIR || (e->kind == RUN_CHOWN && e->name.n);
        for (size_t i = 0; concerns && i < e->operands.n; i++)
            take(w, e, &e->operands.v[i]);
    }
}

static void from_stage(struct split *sp, struct stage *s, struct strs *made)
{
    if (s->parent)
        from_stage(sp, s->parent, made);
    VEC_EACH (step, &s->steps) {
        struct where w = {sp, s, step, step->workdir.known ? step->workdir.path : STR(""), made};
        const struct run_effects *run = stage_run(sp->u->graph, step);
        if (run)
            from_run(&w, run);
    }
}

/* ---- all of them ---------------------------------------------------------------------------- */

/* Directories that the start command names, and where build files of the tree mount volumes. */
static void from_start(struct split *sp, const struct owned *owned)
{
    const struct strs *data = &sp->o.data, *mounted = &sp->o.mounted;
    for (size_t i = 0; i < data->n; i++)
        if (owned_is_free(sp->u, owned, sp->s, data->v[i]))
            split_own(sp, data->v[i]);
    for (size_t i = 0; i < mounted->n; i++)
        if (path_is_application(mounted->v[i]) || path_is_state(mounted->v[i]))
            split_own(sp, mounted->v[i]);
}

void dirs_collect(struct split *sp)
{
    struct strs made = {0};
    struct owned owned = owned_dirs(sp->u, sp->s, false, NULL);
    if (owned.too_many)
        split_refuse(sp, "too-large", NULL, "makes more than %d directories", OWNED_MAX);
    VEC_EACH (d, &owned.dirs) {
        bool needed = sp->may_write && (sp->in_place || !is_for_building(sp, d->path));
        if (!needed && !dirs_is_volume(sp, d->path))
            continue;
        if (dirs_is_volume(sp, d->path) && str_chr(str_basename(d->path), '.') > 0)
            split_refuse(sp, "data-volume", d->before,
                         "has the volume '%s', which may be a file and then can't be made",
                         split_text(sp, d->path));
        else if (d->file)
            split_refuse(sp, "files-not-seen", NULL, "makes the file '%s', which it may write to",
                         split_text(sp, d->path));
        else
            split_own(sp, d->path);
    }
    from_stage(sp, sp->s, &made);
    from_start(sp, &owned);
}
