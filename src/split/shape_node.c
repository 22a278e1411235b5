/*
 * Node: `node x.js` with what npm, yarn or pnpm have put beside it. The working directory is
 * shipped as a whole, for the steps that build leave what they make there.
 */
#include "split/code.h"
#include "split/modules.h"
#include "split/node_start.h"
#include "split/project.h"
#include "split/prune.h"
#include "split/rebase.h"
#include "split/runtime.h"
#include "split/shape.h"
#include "unit/locate.h"
#include "unit/path.h"

/* clang-format off */
static const struct code_mark marks[] = {
    {"child_process", NULL, "starts other programs"},
    {"'execa'", NULL, "starts other programs"},
    {"\"execa\"", NULL, "starts other programs"},
    {"'shelljs'", NULL, "starts other programs"},
    {"\"shelljs\"", NULL, "starts other programs"},
    {"/bin/sh", NULL, "starts a shell"},
    {"/bin/bash", NULL, "starts a shell"},
    {"env.NODE_VERSION", NULL, "asks for a variable that the image of node sets"},
    {NULL, NULL, NULL},
};
static const struct code_mark package_marks[] = {
    {"npm_package_", NULL, "asks for a variable that npm sets"},
    {"npm_config_", NULL, "asks for a variable that npm sets"},
    {"npm_lifecycle_", NULL, "asks for a variable that npm sets"},
    {NULL, NULL, NULL},
};
/* clang-format on */

/* Steps that run scripts, each of which is read. */
enum { LOOKS_MAX = 100 };

static const char *const endings[] = {".js",  ".mjs", ".cjs", ".ts", ".mts",
                                      ".cts", ".jsx", ".tsx", NULL};

static bool claims(struct split *sp)
{
    return node_start_is(sp);
}

/* ---- the rest ------------------------------------------------------------------------------- */

static void write_start(struct split *sp, const struct node_start *start)
{
    for (size_t i = 0; i + 1 < start->set.n; i += 2)
        split_env(sp, start->set.v[i], start->set.v[i + 1]);
    runtime_start(sp, &start->arguments);
}

static void judge_code(struct split *sp, const struct node_start *start, const struct modules *m)
{
    bool clean = code_is_clean(sp, endings, marks);
    if (start->package)
        clean &= code_is_clean(sp, endings, package_marks);
    sp->no_children = clean && m->known;
    runtime_stops(sp, code_says(sp, endings, "SIGTERM"));
    if (!clean)
        split_review(sp, "code-not-seen", sp->at,
                     STR("its code starts no other programs, a shell above all"),
                     "has code that is not seen");
}

/* Node looks for packages in all folders above, too; those of a workspace lie beside them. */
static void copy_above(struct split *sp, struct str dir)
{
    struct str workdir = sp->s->workdir.path;
    if (!stage_inside(workdir, dir) || str_eq(workdir, dir))
        return;
    if (path_is_workdir(dir))
        split_copy(sp, dir, false);
    else
        split_copy(sp, stage_join(sp->u->arena, dir, STR("node_modules")), false);
}

/* With what the steps have made in it. */
static void copy_project(struct split *sp, const struct modules *m)
{
    struct str dir = sp->s->workdir.path, from;
    if (prune_stage(sp, m, endings, &from))
        split_copy_from(sp, (struct split_copy){.from = from, .source = dir, .dest = dir});
    else
        split_copy(sp, dir, false);
}

static void plan(struct split *sp)
{
    struct node_start start;
    struct stage_path *workdir = &sp->s->workdir;
    struct str version = split_version(sp);
    if (!version.n) {
        split_refuse(sp, "runtime-version", stage_root(sp->s)->from,
                     "which version of node it has is not known");
        return;
    }
    if (!split_image(sp, "", version) || !node_start_read(sp, &start))
        return;
    if (!workdir->known || !path_is_workdir(workdir->path)) {
        split_refuse(sp, "no-workdir", sp->s->from,
                     "does not run in a directory of its own, so that its files are not told from "
                     "those of the system");
        return;
    }
    struct modules m = modules_read(sp);
    for (size_t i = 0; i < m.dirs.n; i++)
        copy_above(sp, m.dirs.v[i]);
    copy_project(sp, &m);
    if (start.file.n)
        runtime_file(sp, start.file, endings);
    rebase_for_libc(sp, m.portable);
    judge_code(sp, &start, &m);
    write_start(sp, &start);
    runtime_environment(sp);
}

/* ---- steps ---------------------------------------------------------------------------------- */

static struct str operand(const struct run_effect *e, size_t i)
{
    return i < e->operands.n ? e->operands.v[i].value : STR("");
}

/* "tsc" of "-y tsc@5 --build" */
static bool runs_builder(const struct split *sp, const struct run_effect *e, size_t first)
{
    while (str_starts(operand(e, first), STR("-")))
        first++;
    struct str name = operand(e, first);
    ptrdiff_t at = str_rchr(name, '@');
    return distroless_lists(&sp->data.builders, at > 0 ? str_sub(name, 0, (size_t)at) : name);
}

/* Does the text name a path, or a home, that does not come along? */
static bool leads_away(const struct split *sp, struct str text)
{
    for (size_t i = 1; i + 1 < text.n; i++) {
        size_t end = i;
        if (text.p[i] != '/' || !strchr(" '\"`=(", text.p[i - 1]) || strchr(" /*", text.p[i + 1]))
            continue;
        while (end < text.n && !strchr(" '\"`=(,;)\n", text.p[end]))
            end++;
        if (!split_covers(sp, stage_join(sp->u->arena, STR("/"), str_sub(text, i, end))))
            return true;
    }
    return str_has(text, "homedir") || str_has(text, "env.HOME") || str_has(text, "~/");
}

/* node build.js: as far as its text shows, it makes nothing elsewhere. */
static bool stays_here(struct split *sp, struct stage *s, const struct stage_step *step,
                       const struct run_effect *e)
{
    struct str file = operand(e, 0);
    if (sp->looks++ >= LOOKS_MAX || !file.n || str_starts(file, STR("-")) || !step->workdir.known)
        return false;
    struct located l = locate_file(sp->u, s, stage_join(sp->u->arena, step->workdir.path, file));
    return (l.kind == LOCATED_CONTEXT || l.kind == LOCATED_TEXT) && l.text.p &&
           !leads_away(sp, l.text);
}

/* Scripts of package.json that steps may run. */
static bool scripts_stay_here(struct split *sp, struct stage *s, const struct stage_step *step)
{
    static const char *const others[] = {"start", "dev", "test", "lint", "watch", "serve", NULL};
    struct project m = {0};
    if (sp->looks++ >= LOOKS_MAX)
        return false;
    if (step->workdir.known)
        m = project_read(sp->u, s, step->workdir.path);
    VEC_EACH (script, &m.scripts) {
        bool other = false;
        for (const char *const *o = others; *o; o++)
            other |= str_starts(script->name, str_of(*o));
        if (!other && leads_away(sp, script->text))
            return false;
    }
    return true;
}

/* Package managers leave all in the project that is to run, but for what they are told to start,
 * and for links to packages elsewhere. */
static bool does(struct split *sp, struct stage *s, const struct stage_step *step,
                 const struct run_effect *e)
{
    static const char *const managers[] = {"npm", "yarn", "yarnpkg", "pnpm", NULL};
    static const char *const starters[] = {"exec", "x", "dlx", NULL};
    if (str_is(e->program, "node") || str_is(e->program, "nodejs"))
        return stays_here(sp, s, step, e);
    if (str_is(e->program, "npx") || str_is(e->program, "pnpx"))
        return runs_builder(sp, e, 0);
    for (const char *const *m = managers; *m; m++) {
        if (!str_is(e->program, *m))
            continue;
        struct str verb = operand(e, 0);
        for (const char *const *v = starters; *v; v++)
            if (str_is(verb, *v))
                return runs_builder(sp, e, 1);
        return !str_is(verb, "link") && !str_is(verb, "ln") && scripts_stay_here(sp, s, step);
    }
    return false;
}

const struct shape shape_node = {.name = "node", .claims = claims, .plan = plan, .does = does};
