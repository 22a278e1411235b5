/*
 * Steps are looked at from the last to the first, the commands of one step from the first to the
 * last, because of cd.
 */
#include "split/trace.h"

#include "unit/locate.h"
#include "unit/operand.h"

enum { DEPTH_MAX = 8, STEPS_MAX = 4000 };

struct finder {
    struct split *sp;
    trace_fn *fn;
    void *ctx;
    struct trace_at *out;
    unsigned depth;
    size_t steps; /* looked at, so that stages that copy from each other cost little */
};

static bool search(struct finder *f, struct stage *s, size_t steps, struct str path);

static struct arena *arena_of(const struct finder *f)
{
    return f->sp->u->arena;
}

/* ---- RUN ------------------------------------------------------------------------------------ */

struct str trace_path(struct split *sp, const struct trace_at *at, const struct shell_word *w)
{
    struct str text;
    if (!operand_path(at->s, at->step, w, &text) || (!at->cwd.n && text.p[0] != '/'))
        return STR("");
    return stage_join(sp->u->arena, at->cwd, text);
}

/* cp A B, mv A B: where it was in front of the move; "" when it is another file. */
static struct str moved_from(struct finder *f, const struct trace_at *at, struct str path)
{
    static const char *const movers[] = {"cp", "mv", "ln", "install", NULL};
    const struct run_effect *e = at->effect;
    const struct shell_command *c = &at->run->script.commands.v[e->command];
    const struct shell_word *from = NULL, *to = NULL;
    bool moves = false;
    size_t n = 0;
    for (const char *const *m = movers; *m; m++)
        moves |= str_is(e->program, *m);
    for (size_t i = 1; moves && !e->inner && i < c->words.n; i++) {
        if (str_starts(c->words.v[i].value, STR("-")))
            continue;
        n++;
        from = to;
        to = &c->words.v[i];
    }
    if (n != 2)
        return STR("");
    struct str dest = trace_path(f->sp, at, to), source = trace_path(f->sp, at, from);
    if (!source.n && at->cwd.n && str_chr(from->value, '*') >= 0 && str_chr(from->value, '$') < 0)
        source = stage_join(arena_of(f), at->cwd, from->value); /* target/x-*.jar */
    bool here = dest.n && (str_eq(dest, path) ||
                           str_eq(stage_join(arena_of(f), dest, str_basename(source)), path));
    return here ? source : STR("");
}

static bool from_run(struct finder *f, struct stage *s, struct stage_step *step, struct str *path)
{
    const struct run_effects *run = stage_run(f->sp->u->graph, step);
    struct trace_at at = {.s = s,
                          .step = step,
                          .run = run,
                          .cwd = step->workdir.known ? step->workdir.path : STR("")};
    struct str moved = STR("");
    bool found = false;
    VEC_EACH (e, &run->effects) {
        at.effect = e;
        if (e->kind == RUN_CD)
            at.cwd = e->operands.n == 1 ? trace_path(f->sp, &at, &e->operands.v[0]) : STR("");
        struct str from = moved_from(f, &at, *path);
        if (from.n && !str_eq(from, *path))
            moved = from;
        if (!e->inner && f->fn(f->ctx, &at, *path)) {
            *f->out = at;
            f->out->path = *path;
            found = true;
        }
    }
    if (!found && moved.n && f->depth < DEPTH_MAX) {
        *path = moved;
        f->depth++;
        found = from_run(f, s, step, path);
        f->depth--;
    }
    return found;
}

/* ---- COPY ----------------------------------------------------------------------------------- */

static struct str below(struct str path, struct str dir)
{
    return str_from(path, str_is(dir, "/") ? 1 : dir.n + (path.n > dir.n));
}

/* Of the build context: does a file of it lie at the path? */
static bool is_context_file(struct finder *f, struct stage *s, const struct stage_step *step,
                            struct str path)
{
    struct str dest = step->dest.path;
    if (str_eq(path, dest) && !step->dest_is_dir)
        return true;
    for (size_t i = 0; i < step->sources.n; i++)
        if (str_eq(below(path, dest), str_basename(step->sources.v[i])))
            return true;
    return locate_file(f->sp->u, s, path).kind == LOCATED_CONTEXT;
}

static bool has_glob(struct str s)
{
    return str_chr(s, '*') >= 0 || str_chr(s, '?') >= 0;
}

/* 1: found, 0: it is not what lies at the path, -1: it is, and was not made by a command. */
static int from_copy(struct finder *f, struct stage *s, const struct stage_step *step,
                     struct str path)
{
    struct arena *a = arena_of(f);
    struct str dest = step->dest.path;
    if (!step->dest.known || !step->sources_known)
        return -1;
    if (!stage_inside(path, dest))
        return 0;
    if (step->from_context)
        return is_context_file(f, s, step, path) ? -1 : 0;
    for (size_t i = step->sources.n; step->from && i-- > 0;) {
        struct str source = stage_join(a, STR("/"), step->sources.v[i]);
        struct str rest = below(path, dest);
        bool file = str_eq(path, dest) || str_eq(rest, str_basename(source));
        size_t n = step->from->steps.n;
        if (file && search(f, step->from, n, source))
            return 1;
        if (has_glob(source))
            source = stage_join(a, source, STR(".."));
        if (rest.n && search(f, step->from, n, stage_join(a, source, rest)))
            return 1;
    }
    return -1;
}

static bool search_steps(struct finder *f, struct stage *s, size_t steps, struct str path)
{
    for (size_t i = steps; i-- > 0;) {
        struct stage_step *step = &s->steps.v[i];
        enum df_cmd cmd = step->item->node.cmd;
        if (++f->steps > STEPS_MAX)
            return false;
        if (cmd == DF_RUN && from_run(f, s, step, &path))
            return true;
        int found = cmd == DF_COPY || cmd == DF_ADD ? from_copy(f, s, step, path) : 0;
        if (found)
            return found > 0;
    }
    return s->parent && search(f, s->parent, s->parent->steps.n, path);
}

static bool search(struct finder *f, struct stage *s, size_t steps, struct str path)
{
    if (f->depth >= DEPTH_MAX)
        return false;
    f->depth++;
    bool found = search_steps(f, s, steps, path);
    f->depth--;
    return found;
}

bool trace_find(struct split *sp, struct stage *s, struct str path, trace_fn *fn, void *ctx,
                struct trace_at *out)
{
    struct finder f = {.sp = sp, .fn = fn, .ctx = ctx, .out = out};
    return search(&f, s, s->steps.n, path);
}

/* ---- variables ------------------------------------------------------------------------------ */

/* NAME=VALUE */
static bool assigns(struct str word, struct str name, struct str *value)
{
    if (!str_starts(word, name) || word.n <= name.n || word.p[name.n] != '=')
        return false;
    *value = str_from(word, name.n + 1);
    return true;
}

bool trace_variable(const struct trace_at *at, const char *name, struct str *value)
{
    struct arena *a = at->s->graph->arena;
    struct str n = str_of(name);
    struct expanded e = stage_expand(at->s, at->step, str_fmt(a, "${%s}", name));
    bool found = !e.unknown && !e.error && !e.unset && !e.argument && e.text.n;
    if (found)
        *value = e.text;
    for (size_t i = 0; i < at->effect->command; i++) {
        const struct shell_command *c = &at->run->script.commands.v[i];
        bool stays = c->words.n > 1 && str_is(c->words.v[0].value, "export") && !c->conditional &&
                     !c->subshell;
        for (size_t k = 1; stays && k < c->words.n; k++)
            found |= assigns(c->words.v[k].value, n, value);
    }
    const struct shell_command *c = &at->run->script.commands.v[at->effect->command];
    VEC_EACH (set, &c->assigns)
        if (str_eq(set->name, n)) {
            *value = set->value.value;
            found = true;
        }
    VEC_EACH (w, &c->words) { /* env NAME=VALUE program */
        if (str_eq(str_basename(w->value), at->effect->program))
            break;
        found |= assigns(w->value, n, value);
    }
    return found && str_chr(*value, '$') < 0;
}
