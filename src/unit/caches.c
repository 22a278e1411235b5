/*
 * Which ones: what the programs that start are known to write (templates/programs, `writes`), and
 * for node what the dependencies in package.json are (templates/packages).
 *
 * npm, yarn and pnpm run as root make node_modules as root's. A cache elsewhere can be root's only
 * if a script has made it, for the working directory itself is given to the user.
 */
#include "unit/caches.h"

#include <jansson.h>

#include "base/buf.h"
#include "knowledge/package.h"
#include "unit/account.h"
#include "unit/locate.h"
#include "unit/npm_call.h"
#include "unit/path.h"

struct search {
    struct str dir; /* where the package is */
    bool installed; /* root has made node_modules there */
    bool scripts;   /* root has run scripts there */
};

static bool in_list(struct str s, const char *const *list)
{
    for (; *list; list++)
        if (str_is(s, *list))
            return true;
    return false;
}

static void note_call(void *ctx, const struct npm_call *call)
{
    static const char *const installs[] = {"install", "i", "ci", "add", NULL};
    struct search *q = ctx;
    const struct run_effect *e = call->effect;
    bool yarn = str_starts(e->program, STR("yarn"));
    bool install = in_list(call->verb, installs) || (yarn && !call->verb.n);
    if (call->global || !call->dir.known || !str_eq(call->dir.path, q->dir))
        return;
    if (!install)
        q->scripts = true;
    else if (e->certain && !str_is(e->program, "npx"))
        q->installed = true;
}

/* node_modules itself, or all that lies beside it. */
static bool is_modules(struct unit *u, const struct stage_step *step, struct str dir,
                       struct str word)
{
    if (str_ends(word, STR("node_modules")) || str_ends(word, STR("node_modules/")))
        return true;
    if (!str_ends(word, STR("*")))
        return false;
    struct str above = stage_join(u->arena, step->workdir.path, str_sub(word, 0, word.n - 1));
    return !step->workdir.known || stage_inside(dir, above);
}

/* Takes it away, or moves it to where it is not looked for. */
static bool removes_modules(struct unit *u, const struct stage_step *step, struct str dir,
                            const struct run_effects *run)
{
    VEC_EACH (e, &run->effects)
        VEC_EACH (w, &e->operands)
            if ((e->kind == RUN_REMOVE || e->kind == RUN_LINK) &&
                is_modules(u, step, dir, w->value))
                return true;
    return false;
}

static void look(struct unit *u, struct stage *s, struct search *q)
{
    if (s->parent)
        look(u, s->parent, q);
    VEC_EACH (step, &s->steps) {
        const struct run_effects *run = stage_run(u->graph, step);
        if (!run || !step->user_known || !account_is_root(step->user))
            continue;
        npm_call_each(u, s, step, note_call, q);
        if (!run->complete || removes_modules(u, step, q->dir, run))
            q->installed = false;
    }
}

/* Whose it is is decided elsewhere: by the file, by a volume, by a tree that is given away. */
static bool is_settled(const struct stage *s, const struct owned *owned, struct str path)
{
    VEC_EACH (settled, &owned->settled)
        if (stage_inside(path, *settled))
            return true;
    VEC_EACH (v, &s->volumes)
        if (!v->path.n || stage_inside(path, v->path))
            return true;
    VEC_EACH (d, &owned->dirs)
        if (stage_inside(path, d->path) && (d->whole || str_eq(path, d->path)))
            return true;
    return false;
}

/* Is there a step that gives a directory to the user, which one more can join? */
static bool is_given(const struct owned *owned, struct str dir)
{
    VEC_EACH (d, &owned->dirs)
        if (!d->before && !d->file && stage_inside(dir, d->path))
            return true;
    return false;
}

/* "node_modules/.cache" of the package in `dir`. */
static void add_one(struct obstacles *o, struct owned *owned, struct str dir, struct str name,
                    struct strs *made)
{
    struct str path = stage_join(o->unit->arena, dir, name);
    struct search q = {.dir = dir};
    if (is_settled(o->stage, owned, path) || !is_given(owned, dir) || owned->dirs.n >= OWNED_MAX)
        return;
    look(o->unit, o->stage, &q);
    bool below_modules = str_starts(name, STR("node_modules/"));
    if (below_modules ? !q.installed : !q.scripts)
        return;
    *vec_push(o->unit->arena, &owned->dirs) = (struct owned_dir){.path = path, .whole = true};
    *vec_push(o->unit->arena, made) = path;
}

/* What the packages that package.json depends on write. Those of devDependencies build. */
static void from_packages(struct obstacles *o, struct owned *owned, struct str dir,
                          struct strs *made)
{
    struct arena *a = o->unit->arena;
    struct located file = locate_file(o->unit, o->stage, stage_join(a, dir, STR("package.json")));
    if (file.kind != LOCATED_CONTEXT || !file.text.p)
        return;
    json_error_t error;
    const char *name;
    json_t *value, *root = json_loadb(file.text.p, file.text.n, 0, &error);
    json_object_foreach(json_object_get(root, "dependencies"), name, value)
    {
        struct package package;
        if (package_find(a, str_of(name), &package))
            VEC_EACH (w, &package.writes)
                add_one(o, owned, dir, *w, made);
    }
    json_decref(root);
}

static void tell(struct obstacles *o, const struct strs *made)
{
    struct buf b = buf_in(o->unit->arena);
    VEC_EACH (path, made)
        buf_addf(&b, "%s%s", b.n ? ", " : "", obstacle_text(o, *path));
    VEC_EACH (it, &o->v)
        if (it->assumption && (str_is(str_of(it->reason), "builds-at-start") ||
                               str_is(str_of(it->reason), "package-script")))
            it->assumption = str_fmt(o->unit->arena, "%s, or to %.*s, made for it", it->assumption,
                                     STR_ARG(buf_str(&b)))
                                 .p;
}

void caches_add(struct obstacles *o, struct owned *owned)
{
    struct strs made = {0};
    const struct stage_path *workdir = &o->stage->workdir;
    if (o->unit->settings->profile == PROFILE_STRICT)
        return;
    VEC_EACH (w, &o->writes)
        add_one(o, owned, w->dir, w->name, &made);
    if (o->node && o->unit->context && workdir->known && path_is_workdir(workdir->path))
        from_packages(o, owned, workdir->path, &made);
    if (made.n)
        tell(o, &made);
}
