/*
 * The cd commands of a step are followed as far as they can be told, and so are the options that
 * name a folder: --prefix and -C of npm, --cwd of yarn, --dir of pnpm.
 */
#include "unit/npm_call.h"

#include "unit/operand.h"

struct steps {
    struct unit *u;
    struct stage *s;
    struct stage_step *step;
};

static bool in_list(struct str s, const char *const *list)
{
    for (; *list; list++)
        if (str_is(s, *list))
            return true;
    return false;
}

bool npm_call_has(const struct npm_call *call, const char *const *list)
{
    VEC_EACH (w, &call->effect->operands)
        if (in_list(w->value, list))
            return true;
    return false;
}

static bool is_folder_option(struct str v)
{
    return str_is(v, "--prefix") || str_is(v, "-C") || str_is(v, "--cwd") || str_is(v, "--dir");
}

/* Where a relative word leads; without it, or when it can't be told, nowhere that is known. */
static void move(struct steps *k, struct stage_path *at, const struct shell_word *w)
{
    struct str path;
    bool told = w && operand_path(k->s, k->step, w, &path) && path.p[0] != '~' &&
                (at->known || path.p[0] == '/');
    at->known = told;
    if (told)
        at->path = stage_join(k->u->arena, at->path, path);
}

static struct npm_call read_call(struct steps *k, const struct run_effect *e, struct stage_path at)
{
    static const char *const globals[] = {"-g", "--global", "--location=global", "global", NULL};
    struct npm_call c = {.stage = k->s, .step = k->step, .effect = e, .dir = at};
    for (size_t i = 0; i < e->operands.n; i++) {
        struct shell_word w = e->operands.v[i];
        ptrdiff_t eq = str_chr(w.value, '=');
        if (is_folder_option(w.value) && i + 1 < e->operands.n) {
            move(k, &c.dir, &e->operands.v[++i]);
        } else if (eq > 0 && is_folder_option(str_sub(w.value, 0, (size_t)eq))) {
            w.value = str_from(w.value, (size_t)eq + 1);
            move(k, &c.dir, &w);
        } else if (!c.verb.n && !str_starts(w.value, STR("-"))) {
            c.verb = w.value;
        }
    }
    c.global = npm_call_has(&c, globals);
    return c;
}

/* The command at or behind `from` with which a subshell, or the text of sh -c, begins. */
static const struct shell_command *begins_anew(const struct run_effects *run,
                                               const struct run_effect *e, size_t from)
{
    for (size_t i = from; i <= e->command; i++)
        if (run->script.commands.v[i].link == SHELL_FIRST || e->inner)
            return &run->script.commands.v[i];
    return NULL;
}

void npm_call_each(struct unit *u, struct stage *s, struct stage_step *step, npm_call_fn *fn,
                   void *ctx)
{
    static const char *const tools[] = {"npm", "npx", "yarn", "yarnpkg", "pnpm", NULL};
    struct steps k = {u, s, step};
    struct stage_path outer = step->workdir, inner = outer;
    const struct run_effects *run = stage_run(u->graph, step);
    size_t next = 0;
    for (size_t i = 0; run && i < run->effects.n; i++) {
        const struct run_effect *e = &run->effects.v[i];
        bool inside = run->script.commands.v[e->command].subshell || e->inner;
        const struct shell_command *begin = begins_anew(run, e, next);
        if (!inside || begin)
            inner = outer;
        if (inside && begin && begin->depth > 1)
            inner.known = false; /* in a block that may have gone elsewhere before */
        next = e->command + 1;
        struct stage_path *at = inside ? &inner : &outer;
        if (e->kind == RUN_CD) {
            move(&k, at, e->operands.n == 1 ? &e->operands.v[0] : NULL);
            at->known &= e->certain;
        } else if (in_list(e->program, tools)) {
            struct npm_call call = read_call(&k, e, *at);
            fn(ctx, &call);
        }
    }
}
