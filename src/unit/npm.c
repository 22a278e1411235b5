/*
 * npm 7 and 8, started as root, run the scripts of a package as the owner of its folder
 * (@npmcli/promise-spawn up to 3: inferOwner of the working directory). In a folder that is given
 * to the user, a build script then can't write elsewhere. npm 6 and those from 9 on run scripts as
 * who started them, and so do yarn and pnpm; all but npm 9's change were measured.
 *
 * WORKDIR and mkdir make folders as root, and --chown does not change one that is there: only a
 * folder that the COPY itself makes counts.
 */
#include "unit/npm.h"

#include "unit/account.h"
#include "unit/locate.h"
#include "unit/npm_call.h"

struct npm_use {
    const struct stage *stage;
    const struct stage_step *step; /* the last one that works there */
    struct stage_path dir;         /* of package.json */
    bool below;                    /* and in folders below, it is not known which */
    const struct stage *maker;     /* where the folder is first made as root; NULL: nowhere */
    const struct stage_step *made;
};

struct npm_seen {
    VEC(struct npm_use) uses; /* of this stage; when `joined`, of those that build on it, too */
    bool joined;
    bool follows; /* npm at the end of the stage may be 7 or 8 */
};

enum { USES_MAX = 16 };

/* ---- which npm ------------------------------------------------------------------------------ */

static bool in_list(struct str s, const char *const *list)
{
    for (; *list; list++)
        if (str_is(s, *list))
            return true;
    return false;
}

/* The number in front: "18" of "18.13-slim"; the rest stays in *s. */
static bool take_number(struct str *s, uint64_t *n)
{
    size_t i = 0;
    while (i < s->n && s->p[i] >= '0' && s->p[i] <= '9')
        i++;
    struct str digits = str_sub(*s, 0, i);
    *s = str_from(*s, i);
    return str_to_u64(digits, 1000000, n);
}

/* node 15 came with npm 7, 18.14 and all from 20 on with one that is newer than 8. */
static bool node_follows(struct str version)
{
    uint64_t major, minor;
    if (!take_number(&version, &major))
        return true;
    if (major == 18 && str_starts(version, STR("."))) {
        version = str_from(version, 1);
        return !take_number(&version, &minor) || minor < 14;
    }
    return major >= 15 && major < 20;
}

/* Of the image node: a tag without a number is today's, or a release that came with another npm;
 * not when it names an old system. */
static bool tag_follows(const struct image_ref *image)
{
    static const char *const others[] = {"latest", "lts",      "current",  "alpine",  "slim",
                                         "trixie", "bookworm", "bullseye", "argon",   "boron",
                                         "carbon", "dubnium",  "erbium",   "fermium", "iron",
                                         "jod",    "krypton",  NULL};
    struct str tag = image->tag, part;
    if (!tag.n)
        return image->digest.n > 0;
    if (tag.p[0] >= '0' && tag.p[0] <= '9')
        return node_follows(tag);
    while (str_split(&tag, '-', &part))
        if (!in_list(part, others))
            return true;
    return false;
}

/* Others with node's version as their tag. */
static bool image_follows(const struct stage *s)
{
    static const char *const numbered[] = {"mhart/alpine-node", "bitnami/node", "cimg/node", NULL};
    if (s->base_kind == STAGE_ON_IMAGE && str_is(s->image.repository, "node"))
        return tag_follows(&s->image);
    return s->base_kind != STAGE_ON_IMAGE || !in_list(s->image.repository, numbered) ||
           node_follows(s->image.tag);
}

/* The version in "npm@9.1", "npm@^9", "npm@latest", "npm". */
static bool version_follows(struct str word)
{
    uint64_t major;
    struct str v = str_from(word, word.n > 4 ? 4 : word.n);
    if (!v.n || str_is(v, "latest") || str_is(v, "next"))
        return false;
    while (v.n && strchr("^~>=v", v.p[0]))
        v = str_from(v, 1);
    return !take_number(&v, &major) || major == 7 || major == 8;
}

/* npm install -g npm@9 */
static void follow_version(const struct run_effect *e, bool *follows)
{
    VEC_EACH (w, &e->operands) {
        bool npm = str_is(w->value, "npm") || str_starts(w->value, STR("npm@"));
        if (npm && version_follows(w->value))
            *follows = true;
        else if (npm && e->certain)
            *follows = false;
    }
}

/* nodesource's setup_20.x */
static void follow_setup(const struct run_effects *run, bool *follows)
{
    ptrdiff_t at = str_find(run->script.text, STR("/setup_"));
    if (at < 0)
        return;
    struct str version = str_from(run->script.text, (size_t)at + strlen("/setup_"));
    *follows = !str_starts(version, STR("lts.x")) && !str_starts(version, STR("current.x")) &&
               node_follows(version);
}

/* ---- where it works ------------------------------------------------------------------------- */

struct look {
    struct unit *u;
    struct stage *s;
    struct stage_step *step;
    struct npm_seen *seen;
};

/* Commands that run no script of a package. */
static bool runs_nothing(const struct npm_call *call)
{
    static const char *const idle[] = {"config", "set",  "get",    "cache",  "view", "info",
                                       "ls",     "list", "login",  "logout", "ping", "fund",
                                       "root",   "bin",  "prefix", "help",   "pkg",  "outdated",
                                       "whoami", "",     NULL};
    static const char *const installs[] = {"install", "i", "ci", "add", "prune", "rebuild", NULL};
    static const char *const without[] = {"--ignore-scripts", NULL};
    return in_list(call->verb, idle) ||
           (in_list(call->verb, installs) && npm_call_has(call, without));
}

static bool names_workspace(const struct run_effect *e)
{
    VEC_EACH (w, &e->operands)
        if (str_is(w->value, "-w") || str_is(w->value, "-ws") ||
            str_starts(w->value, STR("--workspace")))
            return true;
    return false;
}

static struct str package_json(struct look *k, const struct stage_path *dir)
{
    if (!dir->known || !k->u->context)
        return STR("");
    struct located file =
        locate_file(k->u, k->s, stage_join(k->u->arena, dir->path, STR("package.json")));
    return file.kind == LOCATED_CONTEXT && file.text.p ? file.text : STR("");
}

/* Do scripts, or npm itself, go on to packages in folders below? */
static bool leads_below(struct str json)
{
    static const char *const marks[] = {"\"workspaces\"", "\"file:", "\"link:", "cd ", "--prefix",
                                        "npm -C",         "lerna",   "turbo",   "nx ", NULL};
    for (const char *const *m = marks; *m; m++)
        if (str_has(json, *m))
            return true;
    return false;
}

static bool makes(struct look *k, const struct stage_step *step, struct str dir)
{
    const struct run_effects *run = stage_run(k->u->graph, (struct stage_step *)step);
    if (!step->workdir.known)
        return false;
    if (stage_inside(step->workdir.path, dir))
        return true;
    for (size_t i = 0; run && i < run->effects.n; i++) {
        const struct run_effect *e = &run->effects.v[i];
        if (e->kind == RUN_CD)
            return false; /* relative paths are no longer below WORKDIR */
        VEC_EACH (w, &e->operands)
            if (e->kind == RUN_MKDIR && e->certain && !e->inner && w->literal &&
                stage_inside(stage_join(k->u->arena, step->workdir.path, w->value), dir))
                return true;
    }
    return false;
}

/* The first step of the chain at which WORKDIR or mkdir have made the folder, as root. */
static void find_maker(struct look *k, struct stage *s, struct npm_use *use)
{
    if (s->parent)
        find_maker(k, s->parent, use);
    for (size_t i = 0; !use->made && i < s->steps.n; i++)
        if (makes(k, &s->steps.v[i], use->dir.path)) {
            use->maker = s;
            use->made = &s->steps.v[i];
        }
}

static void add_use(struct look *k, struct stage_path dir, bool below)
{
    if (k->seen->uses.n >= USES_MAX)
        dir.known = false; /* any folder */
    VEC_EACH (use, &k->seen->uses)
        if (use->dir.known == dir.known && (!dir.known || str_eq(use->dir.path, dir.path))) {
            use->step = k->step;
            use->below |= below;
            return;
        }
    struct npm_use *use = vec_push(k->u->arena, &k->seen->uses);
    *use = (struct npm_use){.stage = k->s, .step = k->step, .dir = dir, .below = below};
    if (!dir.known)
        return;
    use->below |= leads_below(package_json(k, &dir));
    find_maker(k, k->s, use);
}

/* yarn and pnpm follow nobody, but may be told to start npm. */
static void look_at_call(void *ctx, const struct npm_call *call)
{
    struct look *k = ctx;
    bool npm = str_is(call->effect->program, "npm"), npx = str_is(call->effect->program, "npx");
    if (npm && call->global) {
        follow_version(call->effect, &k->seen->follows);
        return;
    }
    if (!k->seen->follows || (npm && runs_nothing(call)))
        return;
    if (npm || npx || str_has(package_json(k, &call->dir), "npm "))
        add_use(k, call->dir, names_workspace(call->effect));
}

static void look_at_run(struct look *k, const struct run_effects *run)
{
    follow_setup(run, &k->seen->follows);
    if (!run->complete && k->seen->follows && str_has(run->script.text, "npm "))
        add_use(k, (struct stage_path){.known = false}, true);
    npm_call_each(k->u, k->s, k->step, look_at_call, k);
}

/* What the stage itself does, told once. */
static struct npm_seen *look(struct unit *u, struct stage *s)
{
    struct plan *plan = &u->plans[s->index];
    if (plan->npm)
        return plan->npm;
    plan->npm = arena_new(u->arena, struct npm_seen);
    plan->npm->follows = s->parent ? look(u, s->parent)->follows : image_follows(s);
    struct look k = {.u = u, .s = s, .seen = plan->npm};
    VEC_EACH (step, &s->steps) {
        const struct run_effects *run = stage_run(u->graph, step);
        k.step = step;
        if (run && (!step->user_known || account_is_root(step->user)))
            look_at_run(&k, run);
    }
    return plan->npm;
}

/* ---- whose folder it is --------------------------------------------------------------------- */

/* What a stage copies is given to the user only where one stage alone builds on it. */
static struct stage *only_child(struct stage *s)
{
    struct stage *child = NULL;
    VEC_EACH (other, &s->graph->stages)
        if ((*other)->parent == s) {
            if (child)
                return NULL;
            child = *other;
        }
    return child;
}

static struct npm_seen *look_on(struct unit *u, struct stage *s)
{
    struct npm_seen *seen = look(u, s);
    struct stage *child = seen->joined ? NULL : only_child(s);
    seen->joined = true;
    const struct npm_seen *later = child ? look_on(u, child) : NULL;
    for (size_t i = 0; later && i < later->uses.n && seen->uses.n < (size_t)2 * USES_MAX; i++)
        *vec_push(u->arena, &seen->uses) = later->uses.v[i];
    return seen;
}

static bool comes_before(const struct stage *a, const struct stage_step *x, const struct stage *b,
                         const struct stage_step *y)
{
    return a == b ? x <= y : a->index < b->index;
}

static bool makes_folder(const struct npm_use *use, const struct stage *s,
                         const struct stage_step *copy, bool folders)
{
    struct str dest = copy->dest.path, dir = use->dir.path;
    if (!use->dir.known)
        return folders;
    if (use->below && folders && (stage_inside(dest, dir) || stage_inside(dir, dest)))
        return true;
    if (use->made && comes_before(use->maker, use->made, s, copy))
        return false;
    return stage_inside(dest, dir) || (folders && stage_inside(dir, dest));
}

bool npm_follows(struct unit *u, struct stage *s, const struct stage_step *copy, bool folders)
{
    if (copy->has_chown || !copy->dest.known || u->settings->profile == PROFILE_STRICT)
        return false; /* its owner is not changed */
    const struct npm_seen *seen = look_on(u, s);
    VEC_EACH (use, &seen->uses)
        if (comes_before(s, copy, use->stage, use->step) && makes_folder(use, s, copy, folders))
            return true;
    return false;
}
