/* Folders are taken from the path as it is shown; nothing is looked at here. */
#include "cli/places.h"

static void add(struct places *p, struct arena *a, struct str prefix, size_t trusted)
{
    size_t n = p->build.context_count;
    for (size_t i = 0; i < n; i++)
        if (str_is(prefix, p->folders[i].path))
            return;
    if (n >= PLACES_MAX)
        return;
    struct folder *f = &p->folders[n];
    *f = (struct folder){.path = str_z(a, prefix),
                         .trusted = trusted < prefix.n ? trusted : prefix.n};
    f->prefix = f->path;
    p->contexts[n] =
        p->trees->open ? p->trees->open(p->trees->source, a, f->path) : folder_context(f);
    p->build.context_count = n + 1;
}

/* "a/b/" above "a/b/c/"; false when there is none, or ".." hides it. */
static bool above(struct str *prefix)
{
    struct str s = str_sub(*prefix, 0, prefix->n ? prefix->n - 1 : 0);
    ptrdiff_t slash = str_rchr(s, '/');
    struct str last = str_from(s, (size_t)(slash + 1));
    if (!prefix->n || !s.n || str_is(last, ".."))
        return false;
    *prefix = str_sub(s, 0, (size_t)(slash + 1));
    return true;
}

/* ---- what build files say ------------------------------------------------------------------- */

/* Do all builds give the argument this value? */
static bool agree(const struct tree_build *v, size_t n, const struct build_pair *arg)
{
    for (size_t i = 0; i < n; i++) {
        bool same = false;
        VEC_EACH (other, &v[i].build->args)
            same |= str_eq(other->name, arg->name) && other->value.known &&
                    str_eq(other->value.text, arg->value.text);
        if (!same)
            return false;
    }
    return true;
}

static void take_mounts(struct places *p, struct arena *a, const struct build *b,
                        const char *target)
{
    const char *file = str_z(a, str_basename(b->file));
    VEC_EACH (m, &b->mounts) {
        bool volume = m->kind == BUILD_MOUNT_VOLUME, bind = m->kind == BUILD_MOUNT_BIND;
        if ((volume || bind) && m->target.known)
            *vec_push(a, &p->mounts) =
                (struct ur_build_mount){str_z(a, m->target.text), file, target, bind, m->read_only};
    }
}

static void take_ports(struct places *p, struct arena *a, const struct build *b, const char *target)
{
    VEC_EACH (port, &b->ports)
        if (port->container && !str_is(port->protocol, "sctp"))
            *vec_push(a, &p->ports) =
                (struct ur_build_port){str_z(a, str_basename(b->file)), target, port->line,
                                       port->container, port->container_to};
}

static void take_builds(struct places *p, struct arena *a, const struct walk_input *in,
                        const struct tree_build *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct build *b = v[i].build;
        if (b->context.known)
            add(p, a, v[i].context, in->trusted);
        const char *target = b->target.known ? str_z(a, b->target.text) : NULL;
        take_mounts(p, a, b, target);
        take_ports(p, a, b, target);
        if (b->target.known && !b->no_image)
            *vec_push(a, &p->targets) = str_z(a, b->target.text);
    }
    for (size_t i = 0; n && i < v->build->args.n; i++) {
        const struct build_pair *arg = &v->build->args.v[i];
        if (arg->value.known && agree(v, n, arg))
            *vec_push(a, &p->args) =
                (struct ur_build_arg){str_z(a, arg->name), str_z(a, arg->value.text)};
    }
}

static void take_folders(struct places *p, struct arena *a, const struct walk_input *in)
{
    struct str path = str_of(in->path);
    struct str prefix = str_sub(path, 0, (size_t)(str_rchr(path, '/') + 1));
    size_t root = trees_root(in);
    do
        add(p, a, prefix, in->trusted);
    while (above(&prefix) && prefix.n >= root);
}

static void take_given(struct places *p, struct arena *a, const char *given)
{
    struct str dir = str_of(walk_clean(a, given, NULL));
    if (str_is(dir, "."))
        dir = STR("");
    else if (!str_ends(dir, STR("/")))
        dir = str_cat(a, dir, STR("/"));
    add(p, a, dir, dir.n);
}

void places_find(struct places *p, struct arena *a, const struct cli *c, const struct trees *t,
                 const struct walk_input *in)
{
    size_t n = 0;
    const struct tree_build *builds = in->standard_input ? NULL : trees_find(t, in, &n);
    memset(p, 0, sizeof *p);
    p->trees = t;
    p->build.contexts = p->contexts;
    if (c->options->context)
        take_given(p, a, c->options->context);
    take_builds(p, a, in, builds, n);
    if (c->options->context)
        p->build.context_count = 1;
    else if (!in->standard_input)
        take_folders(p, a, in);
    p->build.targets = p->targets.v;
    p->build.target_count = p->targets.n;
    p->build.args = p->args.v;
    p->build.arg_count = p->args.n;
    p->build.mounts = p->mounts.v;
    p->build.mount_count = p->mounts.n;
    p->build.ports = p->ports.v;
    p->build.port_count = p->ports.n;
}

void places_release(struct places *p)
{
    for (size_t i = 0; i < p->build.context_count; i++)
        folder_release(&p->folders[i]);
    p->build.context_count = 0;
}
