/*
 * Build files may name a stage as their target that other stages build on, mostly one with more
 * tools for development. Those go on as root when a USER line says so, if their steps do not care
 * whom the files belong to by now: git and npm do, and the project's own scripts may.
 */
#include "unit/children.h"

#include "unit/account.h"

/* Something that runs or makes files, rather than says what starts? */
static bool has_steps(const struct stage *s)
{
    VEC_EACH (step, &s->steps) {
        enum df_cmd cmd = step->item->node.cmd;
        if (cmd == DF_RUN || cmd == DF_COPY || cmd == DF_ADD || cmd == DF_WORKDIR)
            return true;
    }
    return false;
}

static bool is_below(const struct stage *s, const struct stage *ancestor)
{
    for (const struct stage *p = s->parent; p; p = p->parent)
        if (p == ancestor)
            return true;
    return false;
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
        if (has_steps(s) && (step->item->node.cmd == DF_RUN || step->item->node.cmd == DF_COPY ||
                             step->item->node.cmd == DF_ADD))
            return false;
    }
    return false;
}

static bool has_steps_below(const struct obstacles *o, const struct stage *child)
{
    VEC_EACH (it, &o->unit->graph->stages)
        if ((*it == child || is_below(*it, child)) && has_steps(*it))
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
    const struct stage_graph *graph = o->unit->graph;
    VEC_EACH (it, &graph->stages) {
        if (!is_below(*it, o->stage) || !has_steps(*it))
            continue;
        if (is_in_the_way(o, *it))
            obstacle_refuse(o, "base-image-for-others", (*it)->from,
                            "other stages of the file build on it, and their steps expect root");
    }
    VEC_EACH (it, &graph->stages)
        if ((*it)->parent == o->stage && has_steps_below(o, *it) && !says_user(*it))
            *vec_push(o->unit->arena, &o->children) = (*it)->from;
}

void children_stay_root(struct obstacles *o)
{
    VEC_EACH (from, &o->children)
        unit_insert_after(o->unit, *from,
                          unit_comment(o->unit, STR(""), "its steps expect root, as before"),
                          STR("USER 0"));
}
