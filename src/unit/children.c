/*
 * Build files may name a stage as their target that other stages build on, mostly one with more
 * tools for development. Those go on as root when a USER line says so, if their steps do not care
 * whom the files belong to by now: git and npm do, and the project's own scripts may.
 */
#include "unit/children.h"

#include "unit/account.h"

static bool makes_files(enum df_cmd cmd)
{
    return cmd == DF_RUN || cmd == DF_COPY || cmd == DF_ADD || cmd == DF_WORKDIR;
}

/* Something that runs or makes files, rather than says what starts? */
static bool has_steps(const struct stage *s)
{
    VEC_EACH (step, &s->steps)
        if (makes_files(step->item->node.cmd))
            return true;
    return false;
}

/* The stage itself or the one between that builds directly on `ancestor`; NULL: it does not. */
static struct stage *child_above(struct stage *s, const struct stage *ancestor)
{
    while (s && s->parent != ancestor)
        s = s->parent;
    return s;
}

static bool is_indifferent(const struct run_effect *e)
{
    static const char *const tools[] = {"apt-get", "apt", "apk",  "yum",  "dnf",  "microdnf", "set",
                                        "echo",    "cat", "curl", "wget", "true", NULL};
    if (e->kind == RUN_SUDO || e->kind == RUN_DROP)
        return false;
    for (const char *const *t = tools; e->kind == RUN_OTHER && *t; t++)
        if (str_is(e->program, *t))
            return true;
    return e->kind != RUN_OTHER;
}

/* Do the steps do the same when what they work in belongs to somebody else? */
static bool steps_do_not_care(struct obstacles *o, struct stage *s)
{
    VEC_EACH (step, &s->steps) {
        const struct run_effects *run = stage_run(o->unit->graph, step);
        if (run && !run->complete)
            return false;
        for (size_t i = 0; run && i < run->effects.n; i++)
            if (!is_indifferent(&run->effects.v[i]))
                return false;
    }
    return true;
}

/* Does the stage say itself who its first step runs as? */
static bool says_user(const struct stage *s)
{
    VEC_EACH (step, &s->steps) {
        if (step->item->node.cmd == DF_USER)
            return true;
        if (makes_files(step->item->node.cmd))
            return false;
    }
    return false;
}

static bool is_noted(const struct obstacles *o, const struct stage *child)
{
    for (size_t i = o->children.n; i-- > 0;)
        if (o->children.v[i] == child->from)
            return true;
    return false;
}

/* The steps of stages below this one cannot run as another user, nor be told to go on as root. */
static bool is_in_the_way(struct obstacles *o, struct stage *below)
{
    return o->unit->plans[below->index].shipped || !account_is_root(o->stage->user) ||
           !o->stage->user_known || !steps_do_not_care(o, below);
}

void children_survey(struct obstacles *o)
{
    VEC_EACH (it, &o->unit->graph->stages) {
        struct stage *child = child_above(*it, o->stage);
        if (!child || !has_steps(*it))
            continue;
        if (is_in_the_way(o, *it)) {
            obstacle_refuse(o, "base-image-for-others", (*it)->from,
                            "other stages of the file build on it, and their steps expect root");
            return;
        }
        if (!says_user(child) && !is_noted(o, child))
            *vec_push(o->unit->arena, &o->children) = child->from;
    }
}

void children_stay_root(struct obstacles *o)
{
    VEC_EACH (from, &o->children)
        unit_insert_after(o->unit, *from,
                          unit_comment(o->unit, STR(""), "its steps expect root, as before"),
                          STR("USER 0"));
}
