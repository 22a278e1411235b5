/*
 * Two ways to write a split. Where the author's last stage only collects what others have made,
 * another base image in its place is the smallest change: its RUN steps go, everything else stays.
 * Else it becomes a build stage, and a new last stage copies from it.
 *
 * Directories that the program writes to: without a shell nothing can be given away, so they are
 * copied, empty and with their owner, from a stage that has one.
 */
#include "split/inplace.h"

#include "split/dirs.h"
#include "split/steps.h"
#include "unit/account.h"
#include "unit/owned.h"
#include "unit/path.h"

/* ---- can the base image be changed ---------------------------------------------------------- */

/* Does the text use a variable that only the old base image sets? */
static bool uses_base_variable(const struct stage *s, struct str text)
{
    const struct strs *env = &s->config.env;
    if (str_chr(text, '$') < 0)
        return false;
    if (!s->config.known)
        return true;
    for (size_t i = 0; i + 1 < env->n; i += 2)
        if (str_find(text, env->v[i]) >= 0)
            return true;
    return false;
}

static bool stays(struct split *sp, struct stage_step *step)
{
    struct df_item *item = step->item;
    switch (item->node.cmd) {
    case DF_RUN:
        return steps_can_go(sp, sp->s, step);
    case DF_USER:
    case DF_SHELL:
    case DF_CMD:
    case DF_ENTRYPOINT:
        return true;
    default:
        return !uses_base_variable(sp->s, item->node.rest);
    }
}

/* ---- directories ---------------------------------------------------------------------------- */

/* Folders that are copied with their content are given to the user with it, also when he has to
 * write further down only: no later COPY changes the owner of a directory that is there. */
static void own_copies(struct split *sp)
{
    VEC_EACH (c, &sp->copies)
        for (size_t i = 0; i < sp->dirs.n && !sp->in_place; i++)
            c->owned |= str_eq(c->dest, sp->dirs.v[i]) ||
                        (stage_inside(sp->dirs.v[i], c->dest) && path_is_workdir(c->dest));
}

/* Such a one needs no empty one, nor do those in it that a step has made. */
static bool is_copied(struct split *sp, struct str dir)
{
    bool copied = false;
    VEC_EACH (c, &sp->copies)
        copied |= c->owned && stage_inside(dir, c->dest) && !sp->in_place;
    return copied && !dirs_is_volume(sp, dir);
}

static void sort(struct strs *list)
{
    for (size_t i = 1; i < list->n; i++)
        for (size_t k = i; k && str_cmp(list->v[k], list->v[k - 1]) < 0; k--) {
            struct str swap = list->v[k];
            list->v[k] = list->v[k - 1];
            list->v[k - 1] = swap;
        }
}

/* Has it a shell, and does it end as root? */
static bool can_make(struct split *sp, struct stage *s)
{
    const struct facts *f = unit_facts(sp->u, s);
    bool shell = f ? f->has_shell : false;
    VEC_EACH (step, &s->steps)
        shell |= step->item->node.cmd == DF_RUN && !step->item->node.json;
    return shell && !s->shell.n && s->user_known && account_is_root(s->user);
}

static struct stage *find_other_donor(struct split *sp)
{
    for (struct stage *s = sp->s; s; s = s->parent)
        VEC_EACH (step, &s->steps)
            if (step->from && can_make(sp, step->from))
                return step->from;
    return NULL;
}

static struct stage *find_donor(struct split *sp)
{
    return !sp->in_place && can_make(sp, sp->s) ? sp->s : find_other_donor(sp);
}

/* Directories that it writes to have to be made, and no other stage than its own can do that. */
static bool needs_own_shell(struct split *sp)
{
    struct owned owned = owned_dirs(sp->u, sp->s, false, NULL);
    bool needed = sp->dirs.n > 0;
    VEC_EACH (d, &owned.dirs)
        needed |= sp->may_write || dirs_is_volume(sp, d->path);
    return needed && !find_other_donor(sp) && can_make(sp, sp->s);
}

bool inplace_is_possible(struct split *sp)
{
    struct stage *s = sp->s;
    if (s->parent || sp->rebase.n || sp->stages.n || steps_brings_certificates(sp))
        return false;
    VEC_EACH (c, &sp->copies)
        if (c->from.n || !str_eq(c->source, c->dest))
            return false;
    VEC_EACH (step, &s->steps)
        if (!stays(sp, step))
            return false;
    return !needs_own_shell(sp);
}

/* Some step, or file, already uses the name of the folder that is made. */
static bool is_taken(const struct split *sp)
{
    LIST_EACH (it, sp->u->list)
        if (it->kind == DF_INSTRUCTION && str_find(it->bytes, STR(INPLACE_EMPTY)) >= 0)
            return true;
    return false;
}

static void no_donor(struct split *sp)
{
    for (size_t i = 0; i < sp->empties.n; i++)
        split_review(
            sp, "shell-needed", NULL,
            str_fmt(sp->u->arena, "it makes no files in '%s'", split_text(sp, sp->empties.v[i])),
            "works in '%s', and no stage has a shell to make that for the user with",
            split_text(sp, sp->empties.v[i]));
    sp->empties.n = 0;
}

/* --build-arg decides where the program works. */
static void judge_workdir(struct split *sp)
{
    for (struct stage *s = sp->s; s; s = s->parent)
        VEC_EACH (step, &s->steps)
            if (step->item->node.cmd == DF_WORKDIR && step->value.argument)
                split_refuse(sp, "path-not-known", step->item,
                             "works in a directory that is only known when it is built");
}

void inplace_own(struct split *sp)
{
    dirs_collect(sp);
    own_copies(sp);
    for (size_t i = 0; i < sp->dirs.n; i++)
        if (!is_copied(sp, sp->dirs.v[i]))
            *vec_push(sp->u->arena, &sp->empties) = sp->dirs.v[i];
    sort(&sp->empties);
    if (sp->empties.n || !sp->in_place)
        judge_workdir(sp);
    if (!sp->empties.n)
        return;
    sp->donor = is_taken(sp) ? NULL : find_donor(sp);
    if (!sp->donor)
        no_donor(sp);
}
