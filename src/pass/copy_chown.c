/*
 * COPY and ADD make files of root whatever USER says. Where nonroot-user has switched the stage to
 * another user, the application's files get that user as their owner.
 *
 * ADD of a URL makes a file that nobody else may even read.
 *
 * Left alone: system paths, programs, the very program that is started (it should not be able to
 * change itself), an existing --chown, and trees that a later RUN step reads with git or with a
 * build that asks git: git refuses a work tree that belongs to somebody else; folders in which a
 * later RUN step uses an npm that runs scripts as their owner; what lies in a tree that is given
 * away as a whole when it is finished.
 */
#include "base/utf8.h"
#include "pass/pass.h"
#include "split/split.h"
#include "unit/account.h"
#include "unit/origin.h"
#include "unit/owned.h"
#include "unit/path.h"
#include "unit/suppress.h"
#include "unit/tree.h"

/* The program that the container starts, copied by itself. */
static bool is_started(const struct stage *s, const struct stage_step *step)
{
    const struct stage_process *p = s->entrypoint.set ? &s->entrypoint : &s->cmd;
    struct arena *a = s->graph->arena;
    if (!p->json || !p->args.n || step->sources.n != 1 || !s->workdir.known)
        return false;
    struct str path = stage_join(a, s->workdir.path, p->args.v[0]);
    struct str dest = step->dest.path;
    if (step->dest_is_dir || str_eq(dest, step->workdir.path))
        dest = stage_join(a, dest, str_basename(step->sources.v[0]));
    return str_eq(path, dest) || str_eq(path, step->dest.path);
}

/* A file that lies directly in /: nothing can be made beside it, and it need not change itself. */
static bool is_file_in_root(const struct stage_step *step)
{
    struct str path = step->dest.path;
    return !step->dest_is_dir && step->sources.n == 1 && str_rchr(path, '/') == 0 &&
           str_chr(path, '.') > 0 && str_chr(str_basename(step->sources.v[0]), '.') > 0;
}

/* Is there a later copy to the same place that stays root's? Then this one would be the odd one
 * out. */
static bool stays_with_a_later_one(struct unit *u, struct stage *s, const struct stage_step *step)
{
    for (const struct stage_step *later = step + 1; later < s->steps.v + s->steps.n; later++) {
        bool copy = later->item->node.cmd == DF_COPY || later->item->node.cmd == DF_ADD;
        if (copy && later->dest.known && stage_inside(step->dest.path, later->dest.path) &&
            tree_stays_with_root(u, s, later))
            return true;
    }
    return false;
}

/* COPY . /srv/shop, and then WORKDIR /srv/shop/web */
static bool holds_workdir(const struct stage *s, struct str path)
{
    return path_is_workdir(path) && stage_inside(s->workdir.path, path);
}

/* Is it a place of the application: its working directory, the user's home, a directory that is
 * given to the user anyway? Without a working directory, any that is not the system's. */
static bool is_application(const struct stage *s, const struct plan *plan, struct str path)
{
    bool workdir = s->workdir.known && path_is_workdir(s->workdir.path);
    if (workdir && (stage_inside(path, s->workdir.path) || holds_workdir(s, path)))
        return true;
    if (plan->user.home.n > 1 && stage_inside(path, plan->user.home))
        return true;
    for (size_t i = 0; i < plan->writable.n; i++)
        if (stage_inside(path, plan->writable.v[i]))
            return true;
    return !workdir && path_is_application(path);
}

static bool is_given_later(const struct plan *plan, struct str path)
{
    for (size_t i = 0; i < plan->given_whole.n; i++)
        if (stage_inside(path, plan->given_whole.v[i]))
            return true;
    return false;
}

/* `at` is the stage of the step: `s` itself, or one that it builds on. */
static bool in_scope(struct unit *u, struct stage *s, struct stage *at, const struct plan *plan,
                     const struct stage_step *step)
{
    const struct df_item *it = step->item;
    if ((it->node.cmd != DF_COPY && it->node.cmd != DF_ADD) || step->has_chown || !step->dest.known)
        return false;
    if (is_started(s, step) || tree_is_archive(step) || is_given_later(plan, step->dest.path))
        return false;
    bool application = is_application(s, plan, step->dest.path);
    if (origin_is_download(step))
        application |= path_is_application(step->dest.path);
    else if (is_file_in_root(step) || stays_with_a_later_one(u, at, step))
        return false;
    return application && u->settings->profile != PROFILE_STRICT;
}

static struct str owner(struct unit *u, const struct stage *s, const struct identity *id)
{
    bool there = false;
    const struct facts *f = unit_facts(u, s);
    if (u->settings->id_names && f && id->name.n)
        there = facts_user_named(f, id->name) != NULL;
    return there ? str_fmt(u->arena, "%.*s:%.*s", STR_ARG(id->name), STR_ARG(id->group))
                 : str_fmt(u->arena, "%u:%u", id->uid, id->gid);
}

static const char *why_it_stays(enum tree_stay stay)
{
    return stay == TREE_FOR_NPM
               ? "npm 7 and 8, which a later step may use there, run scripts as the owner of their "
                 "folder"
               : "a later step may ask git about them, and git refuses a tree of another user";
}

static void chown_copy(struct unit *u, struct stage *s, struct stage_step *step,
                       const struct identity *id)
{
    const char *cmd = df_cmd_name(step->item->node.cmd);
    enum tree_stay stay = tree_stays_with_root(u, s, step);
    if (stay != TREE_GIVEN && !origin_is_download(step)) {
        unit_find(u, UR_NOTE, step->item, "%s leaves these files to root: %s", cmd,
                  why_it_stays(stay));
        return;
    }
    struct str link;
    bool by_name = !df_flag_get(&step->item->node, "link", &link);
    struct str who = by_name ? owner(u, s, id) : str_fmt(u->arena, "%u:%u", id->uid, id->gid);
    unit_find(u, UR_WARNING, step->item, "%s makes files of root; they are given to %.*s", cmd,
              STR_ARG(who))
        ->fixed = 1;
    unit_flag_set(u, step->item, "chown", who);
}

static void run(struct unit *u)
{
    unsigned line;
    if (suppress_has(u, &line))
        return;
    VEC_EACH (it, &u->graph->stages) {
        struct stage *s = *it;
        const struct plan *plan = &u->plans[s->index];
        if (!plan->written || (plan->split && !(plan->split->in_place && plan->split->may_write)))
            continue;
        for (struct stage *p = s; p; p = p->parent) {
            if (p != s && !tree_is_own_parent(p, s))
                break;
            VEC_EACH (step, &p->steps)
                if (in_scope(u, s, p, plan, step))
                    chown_copy(u, p, step, &plan->user);
        }
    }
}

const struct pass pass_copy_chown = {
    .id = "copy-chown",
    .summary = "give copied application files to the user that runs",
    .why =
        "COPY and ADD ignore USER: files from the build context belong to root, files from another "
        "stage to "
        "whoever owned them there. The application can then not change its own files. Numbers are "
        "written, because a name that is missing or misspelt is no error on BuildKit: the files "
        "just "
        "stay root's.",
    .refs = "copy-after-user-without-chown",
    .phase = PASS_OWNERS,
    .run = run,
};
