/*
 * Node: `node x.js` with what npm, yarn or pnpm have put beside it. The working directory is
 * shipped as a whole, for the steps that build leave what they make there.
 */
#include "split/code.h"
#include "split/modules.h"
#include "split/node_start.h"
#include "split/prune.h"
#include "split/rebase.h"
#include "split/runtime.h"
#include "split/shape.h"
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
    for (size_t i = 0; i < m.dirs.n; i++) /* node looks for packages in all folders above, too */
        if (stage_inside(workdir->path, m.dirs.v[i]) && !str_eq(workdir->path, m.dirs.v[i]))
            split_copy(sp, stage_join(sp->u->arena, m.dirs.v[i], STR("node_modules")), false);
    copy_project(sp, &m);
    if (start.file.n)
        runtime_file(sp, start.file, endings);
    rebase_for_libc(sp, m.portable);
    judge_code(sp, &start, &m);
    write_start(sp, &start);
}

const struct shape shape_node = {.name = "node", .claims = claims, .plan = plan};
