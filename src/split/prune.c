/*
 * npm keeps what "dependencies" need apart from what only "devDependencies" do. What a package of
 * the first kind needs is always among the first; so it is left to look at the project's own code,
 * whether it names one of the second. Compilers and bundlers can put a helper into their output
 * that the code does not name.
 */
#include "split/prune.h"

#include "split/code.h"
#include "split/project.h"
#include "split/runtime.h"
#include "unit/account.h"

static bool is_helper(struct str name)
{
    static const char *const names[] = {"tslib",
                                        "core-js",
                                        "core-js-pure",
                                        "@babel/runtime",
                                        "@babel/runtime-corejs2",
                                        "@babel/runtime-corejs3",
                                        "@babel/polyfill",
                                        "babel-polyfill",
                                        "babel-runtime",
                                        "regenerator-runtime",
                                        "@swc/helpers",
                                        "source-map-support",
                                        NULL};
    for (const char *const *n = names; *n; n++)
        if (str_is(name, *n))
            return true;
    return false;
}

/* node -r dotenv/config x.js */
static bool starts_with(const struct split *sp, struct str name)
{
    for (size_t i = 0; i < sp->words.n; i++)
        if (str_find(sp->words.v[i], name) >= 0)
            return true;
    return false;
}

static bool is_unused(struct split *sp, const struct project *m, const char *const *ends)
{
    for (size_t i = 0; i < m->development.n; i++)
        if (is_helper(m->development.v[i]) || starts_with(sp, m->development.v[i]))
            return false;
    return m->seen && !m->workspaces && code_imports_none(sp, ends, &m->development);
}

bool prune_stage(struct split *sp, const struct modules *m, const char *const *ends,
                 struct str *from)
{
    struct stage_path *workdir = &sp->s->workdir;
    if (!m->development || !m->pruned.known || !workdir->known ||
        !str_eq(m->pruned.path, workdir->path) || sp->s->shell.n || !runtime_has_own_folder(sp))
        return false;
    struct project package = project_read(sp->u, sp->s, workdir->path);
    if (!is_unused(sp, &package, ends))
        return false;
    *from = write_free_name(sp, "production");
    split_stage_line(sp,
                     str_fmt(sp->u->arena, "FROM %.*s AS %.*s", STR_ARG(sp->name), STR_ARG(*from)));
    if (!sp->s->user_known || !account_is_root(sp->s->user))
        split_stage_line(sp, STR("USER root"));
    split_stage_line(sp, STR("RUN npm prune --omit=dev --ignore-scripts"));
    return true;
}
