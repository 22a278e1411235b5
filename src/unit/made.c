/*
 * Where a program writes is what was given to its user, or what the file gave to it before. The
 * contents of these directories decide whether an empty volume may take their place: COPY and ADD
 * are followed to the files of the build context; a step that may have made files there, as far as
 * it can't be seen through, counts as one that has.
 */
#include "unit/made.h"

#include <stdlib.h>

#include "unit/account.h"
#include "unit/framework.h"
#include "unit/locate.h"
#include "unit/needs.h"
#include "unit/obstacle.h"
#include "unit/owned.h"

/* ---- who ------------------------------------------------------------------------------------ */

static void set_user(struct unit *u, struct stage *s, struct made *m)
{
    struct accounts all = account_all(u, s);
    struct whom w = account_resolve(&all, s->user, s->user_known);
    m->user_known = s->user_known && !s->user_argument;
    m->user = s->user;
    if (!m->user_known || w.who == WHO_UNKNOWN)
        return;
    if (w.who == WHO_ROOT) {
        m->uid_known = true;
        return;
    }
    const struct account *acc = w.account ? w.account : account_with_uid(&all, w.uid);
    m->uid_known = w.uid_known;
    m->uid = w.uid;
    m->gid_known = w.has_group ? w.gid_known : acc && acc->gid_known;
    m->gid = w.has_group ? w.gid : acc ? acc->gid : 0;
}

/* ---- is anything there ---------------------------------------------------------------------- */

/* What keeps a folder in git. */
static bool is_keeper(struct str path)
{
    struct str base = str_basename(path);
    return str_is(base, ".keep") || str_is(base, ".gitkeep") || str_is(base, ".gitignore");
}

static bool has_copies(struct unit *u, struct stage *s, struct str path)
{
    struct strs below = {0};
    const struct df_item *at;
    if (!locate_below(u, s, path, &below, &at))
        return true;
    for (size_t i = 0; i < below.n; i++)
        if (!is_keeper(below.v[i]) && locate_file(u, s, below.v[i]).kind != LOCATED_NOWHERE)
            return true;
    return false;
}

/* Package managers and compilers write where they are told and into folders of their own. */
static bool is_installer(struct str program)
{
    static const char *const names[] = {
        "npm",    "yarn",     "pnpm",     "npx",  "pip",   "pip3", "poetry", "uv",
        "bundle", "gem",      "composer", "go",   "cargo", "mvn",  "gradle", "dotnet",
        "node",   "corepack", "echo",     "true", "set",   NULL};
    for (const char *const *n = names; *n; n++)
        if (str_is(program, *n))
            return true;
    return str_starts(program, STR("./mvnw")) || str_starts(program, STR("./gradlew"));
}

/* May the command have put something below the path? */
static bool fills(const struct stage_step *step, const struct run_effect *e, struct str path)
{
    bool here = !step->workdir.known || stage_inside(step->workdir.path, path);
    bool near = here || stage_inside(path, step->workdir.path);
    switch (e->kind) {
    case RUN_PACKAGES:
    case RUN_USER_ADD:
    case RUN_GROUP_ADD:
    case RUN_GROUP_JOIN:
    case RUN_USER_MOD:
    case RUN_CHOWN:
    case RUN_CHMOD:
    case RUN_MKDIR:
    case RUN_REMOVE:
    case RUN_CD:
    case RUN_UMASK:
        return false;
    case RUN_OTHER:
        return here || (near && !is_installer(e->program));
    default:
        return near;
    }
}

static bool is_named(const struct stage_step *step, const struct run_effect *e, struct str path)
{
    bool quiet = e->kind == RUN_MKDIR || e->kind == RUN_CHOWN || e->kind == RUN_CHMOD ||
                 e->kind == RUN_REMOVE;
    for (size_t i = 0; !quiet && i < e->operands.n; i++)
        if (str_find(e->operands.v[i].value, path) >= 0)
            return true;
    (void)step;
    return false;
}

static bool has_made(struct unit *u, struct stage *s, struct str path)
{
    for (struct stage *p = s; p; p = p->parent)
        VEC_EACH (step, &p->steps) {
            const struct run_effects *run = stage_run(u->graph, step);
            if (run && !run->complete)
                return true;
            for (size_t i = 0; run && i < run->effects.n; i++)
                if (fills(step, &run->effects.v[i], path) ||
                    is_named(step, &run->effects.v[i], path))
                    return true;
        }
    return false;
}

/* Folders of the system that have something in them in every image. /run and /var/log are for what
 * is made when it runs. */
static bool is_system(struct str path)
{
    static const char *const names[] = {"/",    "/etc",  "/usr",     "/var",       "/bin", "/lib",
                                        "/opt", "/home", "/var/lib", "/var/cache", "/srv", NULL};
    for (const char *const *n = names; *n; n++)
        if (str_is(path, *n))
            return true;
    return stage_inside(path, STR("/etc")) || stage_inside(path, STR("/usr/bin"));
}

/* Folders of an image that is known to write there: for what is made when it runs, or with
 * something in them. */
static bool is_scratch(const struct facts *f, struct str path)
{
    static const char *const names[] = {"/run", "/var/run", "/var/cache", "/var/log",
                                        "/tmp", "/var/tmp", NULL};
    for (const char *const *n = names; *n; n++)
        if (stage_inside(path, str_of(*n)))
            return true;
    VEC_EACH (v, &f->volumes)
        if (str_eq(*v, path))
            return true;
    return false;
}

static bool is_filled_by_base(const struct unit *u, const struct stage *s, struct str path)
{
    const struct facts *f = unit_facts(u, s);
    if (f)
        VEC_EACH (w, &f->writable)
            if (str_eq(w->path, path))
                return !is_scratch(f, path);
    return false;
}

/* ---- where it writes ------------------------------------------------------------------------ */

static bool is_volume(const struct stage *s, struct str path)
{
    VEC_EACH (v, &s->volumes)
        if (v->path.n && stage_inside(path, v->path))
            return true;
    return false;
}

static void add_path(struct unit *u, struct stage *s, struct made *m, struct str path, bool file)
{
    while (path.n > 1 && path.p[path.n - 1] == '/')
        path.n--;
    if (file) /* a volume is mounted over the folder that it is in */
        path = stage_join(u->arena, path, STR(".."));
    VEC_EACH (old, &m->paths)
        if (str_eq(old->path, path))
            return;
    if (m->paths.n >= MADE_PATHS_MAX) {
        m->paths_known = false;
        return;
    }
    bool filled = is_system(path) || is_filled_by_base(u, s, path) || has_copies(u, s, path) ||
                  has_made(u, s, path);
    /* The folder of the code is the user's in case it writes there, which most programs do not. */
    if (filled && s->workdir.known && str_eq(path, s->workdir.path))
        m->paths_known = false;
    else
        *vec_push(u->arena, &m->paths) =
            (struct made_path){.path = path, .filled = filled, .volume = is_volume(s, path)};
}

static int compare(const void *x, const void *y)
{
    const struct made_path *a = x, *b = y;
    return str_cmp(a->path, b->path);
}

/* What the server is told to do by files and steps of one's own is not known. */
static bool is_configured(struct unit *u, struct stage *s)
{
    for (struct stage *p = s; p; p = p->parent)
        VEC_EACH (step, &p->steps) {
            enum df_cmd cmd = step->item->node.cmd;
            bool copy = cmd == DF_COPY || cmd == DF_ADD;
            if (stage_run(u->graph, step) ||
                (copy && (!step->dest.known || stage_inside(step->dest.path, STR("/etc")) ||
                          stage_inside(STR("/etc"), step->dest.path))))
                return true;
        }
    return false;
}

/* What a program of one's own writes is not known. That of a base image, by its facts. */
static bool tells_paths(struct unit *u, struct stage *s, bool base_program)
{
    const struct facts *f = unit_facts(u, s);
    return u->plans[s->index].answer != UR_REFUSED && base_program && f && f->writes_known &&
           !is_configured(u, s);
}

static void set_paths(struct unit *u, struct stage *s, const struct plan *plan, struct made *m)
{
    struct identity id = {.uid = m->uid, .gid = m->gid, .gid_known = m->gid_known};
    struct obstacles o = obstacle_survey(u, s);
    struct owned owned = owned_dirs(u, s, o.base_program, &id);
    struct strs framework = {0};
    needs_own(&o, &owned, &framework);
    m->paths_known = !owned.too_many && tells_paths(u, s, o.base_program);
    VEC_EACH (v, &s->volumes)
        if (v->path.n > 1)
            add_path(u, s, m, v->path, false);
    VEC_EACH (d, &owned.dirs)
        add_path(u, s, m, d->path, d->file);
    const struct facts *f = o.base_program ? unit_facts(u, s) : NULL;
    for (size_t i = 0; f && i < f->writes.n; i++)
        add_path(u, s, m, f->writes.v[i], false);
    VEC_EACH (path, &owned.settled)
        add_path(u, s, m, *path, false);
    for (size_t i = 0; i < framework.n; i++)
        add_path(u, s, m, framework.v[i], false);
    for (size_t i = 0; plan && i < plan->writable.n; i++)
        add_path(u, s, m, plan->writable.v[i], false);
    if (m->paths.n)
        qsort(m->paths.v, m->paths.n, sizeof *m->paths.v, compare);
}

void made_image(struct unit *u, struct stage *s, const struct plan *plan, struct made *out)
{
    size_t findings = u->findings.n;
    *out = (struct made){.known = u->plans[s->index].shipped, .user = STR("")};
    if (!out->known)
        return;
    set_user(u, s, out);
    set_paths(u, s, plan, out);
    u->findings.n = findings;
}

/* ---- images that nobody rewrites ------------------------------------------------------------ */

/* The one account that a server's image ships to run it; NULL: none, or several. */
static const struct facts_user *service_user(const struct facts *f)
{
    const struct facts_user *found = NULL;
    bool starts = f->start_as == FACTS_AS_ANY || f->start_as == FACTS_AS_DROPS;
    if (f->starts != FACTS_STARTS_SERVICE || !starts)
        return NULL;
    VEC_EACH (u, &f->users) {
        if (u->purpose != FACTS_USER_APP || !u->uid)
            continue;
        if (found)
            return NULL;
        found = u;
    }
    return found;
}

/* An image that begins as root, but can begin as the user that it is for. */
static void begin_as_service(struct arena *a, const struct facts *f, struct made *out)
{
    const struct facts_user *user = account_is_root(f->user) ? service_user(f) : NULL;
    if (!user)
        return;
    struct str low = STR("");
    VEC_EACH (port, &f->ports)
        if (*port < 1024 && !low.n)
            low = str_fmt(a, ", and the runtime lets it listen on port %u", *port);
    out->uid = user->uid;
    out->gid = user->gid;
    out->uid_known = out->gid_known = true;
    out->assumption = str_fmt(a,
                              "it may begin as its user '%.*s' (%u) rather than as root: what it "
                              "has stored so far belongs to that user%.*s",
                              STR_ARG(user->name), user->uid, STR_ARG(low))
                          .p;
}

static void facts_user(const struct facts *f, struct made *out)
{
    struct str name = f->user, group = STR_NULL;
    uint64_t n;
    ptrdiff_t colon = str_chr(f->user, ':');
    if (colon >= 0) {
        name = str_sub(f->user, 0, (size_t)colon);
        group = str_from(f->user, (size_t)colon + 1);
    }
    bool number = str_to_u64(name, INT32_MAX, &n);
    const struct facts_user *user =
        number ? facts_user_with(f, (uint32_t)n) : facts_user_named(f, name);
    out->uid_known = number || user || account_is_root(f->user);
    out->uid = number ? (uint32_t)n : user ? user->uid : 0;
    out->gid_known = user && !group.p;
    out->gid = user ? user->gid : 0;
    if (group.p && str_to_u64(group, INT32_MAX, &n)) {
        out->gid_known = true;
        out->gid = (uint32_t)n;
    }
}

static void facts_path(struct arena *a, struct made *out, struct made_path path)
{
    VEC_EACH (p, &out->paths)
        if (str_eq(p->path, path.path)) {
            p->volume |= path.volume;
            return;
        }
    *vec_push(a, &out->paths) = path;
}

/* What is only known to belong to root and to be written to says little of what else is: then
 * nothing is known. */
void made_facts(struct arena *a, const struct facts *f, struct made *out)
{
    *out = (struct made){.known = true, .user_known = true, .user = f->user};
    facts_user(f, out);
    begin_as_service(a, f, out);
    out->paths_known = f->writes_known;
    out->writes_unknown = !f->writes_known && !f->writable.n;
    VEC_EACH (path, &f->writes)
        facts_path(a, out, (struct made_path){.path = *path});
    VEC_EACH (v, &f->volumes)
        facts_path(a, out, (struct made_path){.path = *v, .volume = true});
    VEC_EACH (w, &f->writable) {
        struct str path = w->file ? stage_join(a, w->path, STR("..")) : w->path;
        bool filled = is_system(path) || !is_scratch(f, path);
        facts_path(a, out, (struct made_path){.path = path, .filled = filled});
    }
    if (out->paths.n)
        qsort(out->paths.v, out->paths.n, sizeof *out->paths.v, compare);
}
