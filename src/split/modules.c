/*
 * A lock file says what is installed, and npm's also which packages run something when they are:
 * these compile, or fetch what was compiled. Without one only the names in package.json are known,
 * and not what they need in turn.
 */
#include "split/modules.h"

#include "base/buf.h"
#include "split/closure.h"
#include "split/lock.h"
#include "split/project.h"
#include "unit/locate.h"
#include "unit/npm_call.h"

/* Who installs more often than INSTALLS_MAX times is not looked through any further. */
enum { NAMED_MAX = 5, DIRS_MAX = 50, INSTALLS_MAX = 12 };

struct reading {
    struct split *sp;
    struct modules *m;
    struct stage *s;
    struct strs doubts; /* packages of which it is not known what they need */
    size_t more, installs;
};

static bool in_list(struct str s, const char *const *list)
{
    for (; *list; list++)
        if (str_is(s, *list))
            return true;
    return false;
}

static bool listed(const struct strs *list, struct str s)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], s))
            return true;
    return false;
}

static void push(struct reading *r, struct strs *list, struct str s)
{
    if (!listed(list, s) && list->n < DIRS_MAX)
        *vec_push(r->sp->u->arena, list) = s;
}

/* ---- packages ------------------------------------------------------------------------------- */

static void doubt(struct reading *r, struct str name)
{
    r->m->known = false;
    if (r->doubts.n < NAMED_MAX)
        push(r, &r->doubts, name);
    else if (!listed(&r->doubts, name))
        r->more++;
}

static void judge_name(struct reading *r, const struct df_item *at, struct str name)
{
    struct split *sp = r->sp;
    if (distroless_lists(&sp->data.refused, name))
        split_refuse(sp, "program-needed", at,
                     "uses the package '%s', which needs programs or libraries of the system",
                     split_text(sp, name));
    else if (!distroless_lists(&sp->data.libraries, name))
        doubt(r, name);
}

static void judge_locked(struct reading *r, const struct df_item *at, const struct lock *l)
{
    r->m->portable &= l->tells_scripts;
    VEC_EACH (p, &l->packages) {
        if (p->development)
            continue;
        if (p->script || p->platform)
            r->m->portable = false;
        if (p->linked && str_starts(p->name, STR("..")))
            split_refuse(r->sp, "files-not-seen", at, "has the package '%s' outside of its folder",
                         split_text(r->sp, p->name));
        else if (!p->linked)
            judge_name(r, at, p->name);
    }
}

/* Only the first of them are known. */
static void judge_named(struct reading *r, const struct df_item *at, const struct project *m)
{
    r->m->portable = false;
    for (size_t i = 0; i < m->dependencies.n; i++)
        judge_name(r, at, m->dependencies.v[i]);
    for (size_t i = 0; i < m->optional.n; i++)
        judge_name(r, at, m->optional.v[i]);
    if (!m->seen)
        doubt(r, STR("those of a package.json that is not seen"));
}

/* ---- calls ---------------------------------------------------------------------------------- */

static bool is_install(const struct npm_call *call)
{
    static const char *const verbs[] = {"install", "i", "ci", "add", "clean-install", NULL};
    bool yarn = str_starts(call->effect->program, STR("yarn"));
    return in_list(call->verb, verbs) || (yarn && !call->verb.n);
}

static bool is_prune(const struct npm_call *call)
{
    static const char *const without[] = {"--omit=dev", "--production", "--prod", NULL};
    return str_is(call->verb, "prune") && npm_call_has(call, without);
}

static bool in_production(const struct npm_call *call)
{
    struct expanded e = stage_expand(call->stage, call->step, STR("${NODE_ENV}"));
    return !e.unknown && str_is(e.text, "production");
}

static bool is_production(const struct npm_call *call)
{
    static const char *const options[] = {"--omit=dev",
                                          "--production",
                                          "--production=true",
                                          "--prod",
                                          "--only=production",
                                          "--only=prod",
                                          "-P",
                                          NULL};
    static const char *const all[] = {"--include=dev", "--production=false", "--prod=false",
                                      "--also=dev", NULL};
    VEC_EACH (w, &call->effect->operands) /* --omit dev */
        if (str_is(w->value, "--omit") || str_is(w->value, "--only"))
            return true;
    if (npm_call_has(call, all))
        return false;
    return npm_call_has(call, options) || in_production(call);
}

/* npm install express: packages that package.json need not have. */
static bool names_packages(const struct npm_call *call)
{
    bool verb = false, value = false;
    VEC_EACH (w, &call->effect->operands) {
        bool option = str_starts(w->value, STR("-"));
        if (!option && !value && verb)
            return true;
        verb |= !option;
        value = str_is(w->value, "--omit") || str_is(w->value, "--only") ||
                str_is(w->value, "--prefix") || str_is(w->value, "--cwd") ||
                str_is(w->value, "-C") || str_is(w->value, "--dir") ||
                str_is(w->value, "--loglevel") || str_is(w->value, "--registry") ||
                str_is(w->value, "--network-timeout");
    }
    return false;
}

/* The author's stage, or one that it builds on. */
static bool is_own(const struct reading *r)
{
    for (const struct stage *s = r->sp->s; s; s = s->parent)
        if (s == r->s)
            return true;
    return false;
}

static void look_into(struct reading *r, const struct npm_call *call)
{
    struct split *sp = r->sp;
    struct stage *s = call->stage;
    struct str dir = call->dir.path, tool = call->effect->program;
    struct project m = project_read(sp->u, s, dir);
    struct lock l = lock_read(sp->u, s, call->step, dir, tool);
    if (l.seen)
        judge_locked(r, call->step->item, &l);
    else if (!m.seen || m.dependencies.n || m.optional.n)
        judge_named(r, call->step->item, &m);
    if (m.workspaces && !l.seen)
        doubt(r, STR("those of its workspaces"));
    if (!is_own(r))
        return;
    r->m->development = !is_production(call) && !(m.seen && !m.development.n);
    r->m->pruned = (struct stage_path){dir, l.seen && str_is(tool, "npm") && s == sp->s};
}

static void note_call(void *ctx, const struct npm_call *call)
{
    struct reading *r = ctx;
    struct split *sp = r->sp;
    if (call->global)
        return;
    if (is_prune(call))
        r->m->development = false;
    if (!is_install(call))
        return;
    r->m->installs = true;
    if (!call->dir.known) {
        split_refuse(sp, "path-not-known", call->step->item,
                     "installs packages in a folder that is not known");
        return;
    }
    if (is_own(r))
        push(r, &r->m->dirs, call->dir.path);
    if (names_packages(call)) {
        r->m->portable = false;
        doubt(r, STR("those that a step adds"));
    }
    if (r->installs++ < INSTALLS_MAX) {
        look_into(r, call);
    } else {
        r->m->portable = false;
        doubt(r, STR("those of further steps"));
    }
}

/* No step installs anything: what there is came with the context. */
static void look_at_context(struct reading *r)
{
    struct split *sp = r->sp;
    struct arena *a = sp->u->arena;
    struct str dir = sp->s->workdir.path;
    struct project m = project_read(sp->u, sp->s, dir);
    struct located file = locate_file(sp->u, sp->s, stage_join(a, dir, STR("package.json")));
    struct located module =
        locate_file(sp->u, sp->s, stage_join(a, dir, STR("node_modules/.package-lock.json")));
    if (file.kind == LOCATED_NOWHERE && module.kind == LOCATED_NOWHERE)
        return;
    if (!m.seen || m.dependencies.n || m.optional.n || module.kind != LOCATED_NOWHERE)
        judge_named(r, sp->at, &m);
}

static const char *doubts(struct reading *r)
{
    struct buf b = buf_in(r->sp->u->arena);
    for (size_t i = 0; i < r->doubts.n; i++)
        buf_addf(&b, "%s%s", i ? ", " : "", split_text(r->sp, r->doubts.v[i]));
    if (r->more)
        buf_addf(&b, " and %zu more", r->more);
    return buf_str(&b).p;
}

struct modules modules_read(struct split *sp)
{
    struct modules m = {.portable = true, .known = true};
    struct reading r = {.sp = sp, .m = &m};
    struct closure all = closure_of(sp->u, sp->s);
    VEC_EACH (s, &all.stages) {
        r.s = *s;
        VEC_EACH (step, &(*s)->steps)
            npm_call_each(sp->u, *s, step, note_call, &r);
    }
    if (!m.installs)
        look_at_context(&r);
    if (all.others)
        m.portable = false;
    if (r.doubts.n)
        split_review(sp, "code-not-seen", sp->at,
                     str_fmt(sp->u->arena,
                             "its packages start no other programs and need no libraries of the "
                             "system: %s",
                             doubts(&r)),
                     "uses packages of which it is not known what they need (%s)", doubts(&r));
    return m;
}
