/*
 * What is missing is told best by the run without a read-only root: `diff` names every path that
 * was written to. A new folder is mounted itself, for anything else the folder it lies in. The log
 * adds what was tried in vain before that came.
 */
#include "verify/policy.h"

#include <stdlib.h>

#include "base/buf.h"

enum { MOUNTS = 40 };

/* ---- the list ------------------------------------------------------------------------------- */

struct str policy_clean(struct arena *a, struct str path)
{
    struct buf b = buf_in(a);
    struct str part;
    if (!str_starts(path, STR("/")) || path.n > 1024)
        return STR("");
    while (str_split(&path, '/', &part)) {
        if (!part.n || str_is(part, "."))
            continue;
        /* a ':' or ',' would end the path in the engine's own syntax */
        if (str_is(part, "..") || str_chr(part, ':') >= 0 || str_chr(part, ',') >= 0)
            return STR("");
        buf_addf(&b, "/%.*s", STR_ARG(part));
    }
    return b.n ? buf_str(&b) : STR("");
}

static bool is_below(struct str path, struct str folder)
{
    return str_starts(path, folder) && (path.n == folder.n || path.p[folder.n] == '/');
}

bool policy_covers(const struct mounts *m, struct str path)
{
    VEC_EACH (one, &m->list)
        if (is_below(path, one->path))
            return true;
    return false;
}

static bool is_kernels(struct str path)
{
    static const char *const folders[] = {"/proc", "/sys", "/dev"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (is_below(path, str_of(folders[i])))
            return true;
    return false;
}

void policy_add(struct mounts *m, struct str path, enum mount_why why)
{
    path = policy_clean(m->arena, path);
    if (!path.n || is_kernels(path) || m->list.n >= MOUNTS || policy_covers(m, path))
        return;
    *vec_push(m->arena, &m->list) = (struct mount){.path = path, .why = why};
}

/* What begins empty at each start anyway may hide what the image has there. */
static bool is_scratch(struct str path)
{
    static const char *const folders[] = {"/tmp", "/run", "/var/run", "/var/tmp"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (str_is(path, folders[i]))
            return true;
    return false;
}

static struct str parent(struct str path)
{
    ptrdiff_t slash = str_rchr(path, '/');
    return str_sub(path, 0, slash > 0 ? (size_t)slash : 0);
}

static enum probe_kind kind_of(const struct probe *still, struct str path)
{
    VEC_EACH (f, &still->folders)
        if (str_eq(f->path, path))
            return f->kind;
    return PROBE_UNKNOWN;
}

bool policy_fill(struct mounts *m, const struct probe *still)
{
    struct mounts old = *m;
    bool again = false;
    m->list.v = NULL;
    m->list.n = m->list.cap = 0;
    VEC_EACH (one, &old.list) {
        enum probe_kind kind = kind_of(still, one->path);
        struct str path = kind == PROBE_FILE ? parent(one->path) : one->path;
        size_t n = m->list.n;
        again |= kind == PROBE_FILE;
        policy_add(m, path, one->why);
        if (m->list.n > n)
            m->list.v[n].filled = kind == PROBE_FULL && !is_scratch(path);
    }
    return again;
}

/* ---- what is missing ------------------------------------------------------------------------ */

/* The engine puts these in place itself. */
static bool is_engines(struct str path)
{
    static const char *const files[] = {"/etc/hosts", "/etc/hostname", "/etc/resolv.conf",
                                        "/etc/mtab",  "/.dockerenv",   "/run/.containerenv",
                                        "/etc"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (str_is(path, files[i]))
            return true;
    return false;
}

static void add_change(struct mounts *m, const struct trial_change *c)
{
    if (is_engines(c->path) || policy_covers(m, c->path))
        return;
    /* of a folder that was there, what changed in it mostly has a line of its own */
    if (c->folder && (c->kind == 'A' || c->leaf))
        policy_add(m, c->path, MOUNT_FOUND);
    else if (!c->folder)
        policy_add(m, parent(c->path), MOUNT_FOUND);
}

static void add_smell(struct mounts *m, const struct smell *s)
{
    if (s->kind != SMELL_READ_ONLY || !s->path.n || policy_covers(m, s->path))
        return;
    bool folder = str_has(s->line, "mkdir") || str_has(s->line, "create directory");
    policy_add(m, folder ? s->path : parent(s->path), MOUNT_FOUND);
}

/* Three new folders side by side are one place that is written to. */
static void join_siblings(struct mounts *m)
{
    for (size_t i = 0; i < m->list.n; i++) {
        struct str folder = parent(m->list.v[i].path);
        size_t siblings = 0;
        VEC_EACH (other, &m->list)
            siblings += other->why == MOUNT_FOUND && str_eq(parent(other->path), folder);
        if (siblings < 3 || !parent(folder).n || m->list.v[i].why != MOUNT_FOUND)
            continue;
        size_t kept = 0;
        for (size_t j = 0; j < m->list.n; j++)
            if (m->list.v[j].why != MOUNT_FOUND || !is_below(m->list.v[j].path, folder))
                m->list.v[kept++] = m->list.v[j];
        m->list.n = kept;
        policy_add(m, folder, MOUNT_FOUND);
        i = 0;
    }
}

bool policy_missing(struct mounts *m, const struct trial *open, const struct trial *closed,
                    bool changed)
{
    size_t n = m->list.n;
    VEC_EACH (c, &open->changes)
        if (changed || c->kind == 'A')
            add_change(m, c);
    for (size_t i = 0; i < closed->smells.n; i++)
        add_smell(m, &closed->smells.v[i]);
    bool any = m->list.n > n;
    join_siblings(m);
    return any;
}

/* ---- the command line ----------------------------------------------------------------------- */

static void add_mount(struct args *words, enum engine_kind engine, const struct mount *m)
{
    /* like an emptyDir: anybody may write, programs may run */
    const char *copies = engine == ENGINE_DOCKER ? "" : ",notmpcopyup";
    if (m->filled)
        args_add(words, "--volume", str_z(words->arena, m->path), NULL);
    else
        args_add(words, "--tmpfs",
                 str_fmt(words->arena, "%.*s:rw,exec,nosuid,nodev,mode=0777,size=512m%s",
                         STR_ARG(m->path), copies)
                     .p,
                 NULL);
}

void policy_options(struct args *words, enum engine_kind engine, const struct policy *p,
                    const struct mounts *m)
{
    args_add(words, "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
             NULL);
    if (engine != ENGINE_DOCKER)
        args_add(words, "--read-only-tmpfs=false", NULL);
    if (p->low_ports_close)
        args_add(words, "--sysctl", "net.ipv4.ip_unprivileged_port_start=1024", NULL);
    if (p->user)
        args_add(words, "--user", p->user, NULL);
    VEC_EACH (one, &m->list)
        add_mount(words, engine, one);
}
