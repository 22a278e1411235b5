/*
 * Where the pod spec is follows from kind and API group by a table. A workload without containers,
 * or with a container without an image, is no object that a cluster would take: it is laid over
 * another one.
 */
#include "kubernetes/workload.h"

#include "yaml/yscalar.h"

struct kind {
    const char *kind;
    const char *groups; /* blank-separated; "" is the core group */
    const char *spec;
    bool may_be_null; /* the template may be left out */
};

static const struct kind kinds[] = {
    {"Pod", "", "spec", false},
    {"PodTemplate", "", "template.spec", false},
    {"ReplicationController", "", "spec.template.spec", true},
    {"ReplicaSet", "apps extensions", "spec.template.spec", true},
    {"Deployment", "apps extensions", "spec.template.spec", false},
    {"StatefulSet", "apps", "spec.template.spec", false},
    {"DaemonSet", "apps extensions", "spec.template.spec", false},
    {"Job", "batch", "spec.template.spec", false},
    {"CronJob", "batch", "spec.jobTemplate.spec.template.spec", false},
};

struct reader {
    struct arena *arena;
    struct objects *out;
    struct workload_paths paths;
    size_t containers;
};

static struct str text_at(struct yplace *p, const char *key)
{
    struct str s = STR("");
    yplace_string(yplace_get(p, key), &s);
    return s;
}

static struct str group_of(struct str api)
{
    ptrdiff_t slash = str_chr(api, '/');
    return slash < 0 ? STR("") : str_sub(api, 0, (size_t)slash);
}

static bool has_group(const struct kind *k, struct str group)
{
    struct str rest = str_of(k->groups), one;
    if (!rest.n)
        return !group.n;
    while (str_split(&rest, ' ', &one))
        if (str_eq(one, group))
            return true;
    return false;
}

static const struct kind *kind_of(const struct object *o)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_is(o->kind, kinds[i].kind) && has_group(&kinds[i], group_of(o->api)))
            return &kinds[i];
    return NULL;
}

/* ---- a pod ---------------------------------------------------------------------------------- */

static bool add_containers(struct reader *r, struct object *o, struct pod *pod, const char *key,
                           enum container_role role)
{
    struct yplace_walk w = yplace_walk(yplace_get(pod->spec, key));
    for (struct yplace *c; (c = yplace_next(&w));) {
        if (++r->containers > WORKLOAD_CONTAINERS_MAX) {
            r->out->too_many = true;
            return false;
        }
        if (!yplace_is_map(c))
            continue;
        struct container *to = vec_push(r->arena, &pod->containers);
        *to = (struct container){c, role, text_at(c, "name"), text_at(c, "image")};
        if (!to->image.n && !o->patch) {
            o->patch = "a container has no image";
            o->patch_at = c;
        }
    }
    return true;
}

static bool is_windows(struct yplace *spec, const char *key)
{
    return str_is(text_at(yplace_get(spec, "nodeSelector"), key), "windows");
}

static void add_pod(struct reader *r, struct object *o, struct yplace *meta, struct yplace *spec)
{
    struct pod *pod = vec_push(r->arena, &o->pods);
    *pod = (struct pod){.meta = meta, .spec = spec};
    if (add_containers(r, o, pod, "initContainers", CONTAINER_INIT) &&
        add_containers(r, o, pod, "containers", CONTAINER_MAIN))
        add_containers(r, o, pod, "ephemeralContainers", CONTAINER_EPHEMERAL);
    if (!yplace_get(spec, "containers") && !o->patch) {
        o->patch = "it has no containers";
        o->patch_at = spec;
    }
    pod->windows = str_is(text_at(yplace_get(spec, "os"), "name"), "windows");
    pod->windows_node = !pod->windows && (is_windows(spec, "kubernetes.io/os") ||
                                          is_windows(spec, "beta.kubernetes.io/os"));
}

/* Follows a path; `up` is what the last segment is in, where the pod's metadata are. */
static bool follow(struct reader *r, struct object *o, struct yplace *up, struct yplace *p,
                   struct str path)
{
    struct str segment;
    if (!p)
        return false;
    if (!path.n) {
        if (yplace_is_map(p))
            add_pod(r, o, yplace_get(up, "metadata"), p);
        return true;
    }
    str_split(&path, '.', &segment);
    bool each = str_ends(segment, STR("[]"));
    if (each)
        segment.n -= 2;
    struct yplace *next = segment.n ? yplace_get(p, str_z(r->arena, segment)) : p;
    if (!each)
        return follow(r, o, p, next, path);
    struct yplace_walk w = yplace_walk(next);
    bool any = false;
    for (struct yplace *c; (c = yplace_next(&w));)
        any |= follow(r, o, c, c, path);
    return any;
}

/* ---- an object ------------------------------------------------------------------------------ */

/* "Rollout", or "Rollout.argoproj.io" for that group only. */
static bool names_kind(struct str name, const struct object *o)
{
    ptrdiff_t dot = str_chr(name, '.');
    if (dot < 0)
        return str_eq(name, o->kind);
    return str_eq(str_sub(name, 0, (size_t)dot), o->kind) &&
           str_eq(str_from(name, (size_t)dot + 1), group_of(o->api));
}

/* An index of a strategic merge: the object says what to do with another one. */
static bool has_directive(struct yplace *p)
{
    return yplace_get(p, "$patch") || yplace_get(p, "$retainKeys") ||
           yplace_get(p, "$deleteFromPrimitiveList");
}

static void read_pods(struct reader *r, struct object *o)
{
    const struct kind *k = kind_of(o);
    for (size_t i = 0; i < r->paths.n; i++)
        if (names_kind(r->paths.v[i].kind, o))
            follow(r, o, o->place, o->place, r->paths.v[i].path);
    if (!k)
        return;
    bool found = follow(r, o, o->place, o->place, str_of(k->spec));
    if (has_directive(o->place)) {
        o->patch = "it says $patch";
        o->patch_at = o->place;
    } else if (!found && !k->may_be_null) {
        o->patch = "it has no pod spec";
        o->patch_at = o->place;
    }
}

static void read_object(struct reader *r, struct yplace *p, unsigned depth)
{
    struct object o = {.place = p, .api = text_at(p, "apiVersion"), .kind = text_at(p, "kind")};
    struct yplace *meta = yplace_get(p, "metadata"), *items = yplace_get(p, "items");
    if (!o.api.n || !o.kind.n)
        return;
    if (!depth)
        r->out->kubernetes = true;
    if (str_ends(o.kind, STR("List")) && yplace_is_list(items) && depth < 8) {
        struct yplace_walk w = yplace_walk(items);
        for (struct yplace *c; (c = yplace_next(&w));)
            read_object(r, c, depth + 1);
        return;
    }
    o.name = text_at(meta, "name");
    o.namespace = text_at(meta, "namespace");
    if (r->out->list.n == WORKLOAD_OBJECTS_MAX) {
        r->out->too_many = true;
        return;
    }
    struct object *to = vec_push(r->arena, &r->out->list);
    *to = o;
    read_pods(r, to);
}

struct objects workload_read(struct yedit *e, struct workload_paths paths)
{
    struct objects out = {.kubernetes = false};
    struct reader r = {.arena = e->arena, .out = &out, .paths = paths};
    read_object(&r, yedit_root(e), 0);
    return out;
}

struct str object_title(struct arena *a, const struct object *o)
{
    if (!o->name.n)
        return o->kind;
    return str_fmt(a, "%.*s %.*s", STR_ARG(o->kind), STR_ARG(o->name));
}
