/*
 * A root file system that is read-only, with an empty volume for each folder that the program is
 * known to write to. Asked for only where something is known of the image: elsewhere the program
 * would be left without a place to write.
 */
#include "base/buf.h"
#include "kubernetes/harden.h"

enum { PATHS_MAX = 32, LABEL_MAX = 63, NAMES_TRIED = 16 };

static const char read_only[] = "pod-read-only-root";

/* A folder that needs a volume, and how that is called. */
struct place_needed {
    struct str path, name;
};

struct writes {
    struct harden *h;
    struct harden_container *container;
    VEC(struct place_needed) missing;
};

/* "/var/cache/" → "/var/cache"; STR_NULL for what is no place for a volume. */
static struct str clean(struct str path)
{
    while (path.n > 1 && path.p[path.n - 1] == '/')
        path.n--;
    return path.n > 1 && path.p[0] == '/' && str_find(path, STR("/../")) < 0 ? path : STR_NULL;
}

static bool is_in(struct str path, struct str folder)
{
    return str_starts(path, folder) && (path.n == folder.n || path.p[folder.n] == '/');
}

/* ---- what is mounted ------------------------------------------------------------------------ */

enum cover { COVER_NONE, COVER_WRITABLE, COVER_READ_ONLY };

/* The mount that is nearest to the path, at it or above. */
static enum cover covered(struct writes *w, struct str path)
{
    struct yplace_walk walk = yplace_walk(yplace_get(w->container->in->place, "volumeMounts"));
    enum cover cover = COVER_NONE;
    size_t nearest = 0;
    for (struct yplace *m; (m = yplace_next(&walk));) {
        struct str at = STR("");
        bool closed = false;
        yplace_string(yplace_get(m, "mountPath"), &at);
        at = clean(at);
        if (!at.n || at.n < nearest || !is_in(path, at))
            continue;
        nearest = at.n;
        yplace_bool(yplace_get(m, "readOnly"), &closed);
        cover = closed ? COVER_READ_ONLY : COVER_WRITABLE;
    }
    return cover;
}

static bool is_listed(const struct writes *w, struct str path)
{
    VEC_EACH (m, &w->missing)
        if (is_in(path, m->path))
            return true;
    return false;
}

/* False when the path can't be made writable: says why. */
static bool need(struct writes *w, struct str path, bool filled)
{
    struct harden *h = w->h;
    struct yplace *at = w->container->in->place;
    enum cover cover = covered(w, path);
    if (cover == COVER_WRITABLE || is_listed(w, path))
        return true;
    if (cover == COVER_READ_ONLY) {
        harden_cannot(
            h, read_only, at, "read-only-mount",
            str_fmt(h->arena, "it writes to %.*s, which is mounted read-only", STR_ARG(path)));
        return false;
    }
    if (filled) {
        harden_cannot(h, read_only, at, "filled-folder",
                      str_fmt(h->arena,
                              "it writes to %.*s, where the image has files that an empty volume "
                              "would hide",
                              STR_ARG(path)));
        return false;
    }
    *vec_push(h->arena, &w->missing) = (struct place_needed){path, STR_NULL};
    return true;
}

static int by_length(const struct ur_image_path *a, const struct ur_image_path *b)
{
    return (strlen(a->path) > strlen(b->path)) - (strlen(a->path) < strlen(b->path));
}

/* /tmp and what the image is known to write to; outer folders first. */
static bool find_missing(struct writes *w)
{
    const struct ur_image *image = &w->container->image;
    struct ur_image_path sorted[PATHS_MAX];
    if (image->writable_count > PATHS_MAX || !need(w, STR("/tmp"), false))
        return false;
    for (size_t i = 0; i < image->writable_count; i++) {
        size_t at = i;
        for (; at && by_length(&image->writable[i], &sorted[at - 1]) < 0; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = image->writable[i];
    }
    for (size_t i = 0; i < image->writable_count; i++) {
        struct str path = clean(str_of(sorted[i].path));
        if (!path.n || !need(w, path, sorted[i].filled != 0))
            return false;
    }
    return true;
}

/* ---- volumes -------------------------------------------------------------------------------- */

/* The names of the pod's volumes and of its claims, found by their hash: pods may have many. */
struct harden_names {
    struct str *v;
    size_t n, room;
};

static size_t slot_of(const struct harden_names *names, struct str name)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < name.n; i++)
        h = (h ^ (unsigned char)name.p[i]) * 16777619u;
    size_t at = h % names->room;
    while (names->v[at].p && !str_eq(names->v[at], name))
        at = (at + 1) % names->room;
    return at;
}

static void add_name(struct harden *h, struct harden_names *names, struct str name)
{
    if (!name.n)
        return;
    if (2 * (names->n + 1) > names->room) {
        struct harden_names more = {.room = names->room ? names->room * 2 : 64};
        more.v = arena_alloc(h->arena, more.room * sizeof *more.v);
        for (size_t i = 0; i < names->room; i++)
            if (names->v[i].p)
                more.v[slot_of(&more, names->v[i])] = names->v[i];
        more.n = names->n;
        *names = more;
    }
    size_t at = slot_of(names, name);
    names->n += !names->v[at].p;
    names->v[at] = name;
}

static void add_names(struct harden *h, struct harden_names *names, struct yplace *list,
                      bool claims)
{
    struct yplace_walk w = yplace_walk(list);
    for (struct yplace *v; (v = yplace_next(&w));) {
        struct str own = STR("");
        yplace_string(yplace_get(claims ? yplace_get(v, "metadata") : v, "name"), &own);
        add_name(h, names, own);
    }
}

static struct harden_names *names_of(struct harden *h)
{
    if (h->names)
        return h->names;
    h->names = arena_new(h->arena, struct harden_names);
    add_names(h, h->names, yplace_get(h->pod->spec, "volumes"), false);
    add_names(h, h->names, yplace_get(yplace_get(h->object->place, "spec"), "volumeClaimTemplates"),
              true);
    return h->names;
}

static bool is_taken(struct harden *h, struct str name)
{
    const struct harden_names *names = names_of(h);
    return names->n && names->v[slot_of(names, name)].p;
}

/* Lower case, digits and '-', as a DNS label has it. */
static struct str label(struct arena *a, struct str s)
{
    struct buf b = buf_in(a);
    for (size_t i = 0; i < s.n && b.n < LABEL_MAX - 12; i++) {
        char c = s.p[i];
        if (c >= 'A' && c <= 'Z')
            c |= 32;
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain)
            buf_addc(&b, c);
        else if (b.n && b.p[b.n - 1] != '-')
            buf_addc(&b, '-');
    }
    while (b.n && b.p[b.n - 1] == '-')
        b.n--;
    return b.n ? buf_str(&b) : STR("data");
}

/* "tmp", or "web-tmp" where that is taken. STR_NULL: so are all others that come to mind. */
static struct str volume_name(struct writes *w, struct str path)
{
    struct arena *a = w->h->arena;
    struct str name = label(a, path);
    if (!is_taken(w->h, name))
        return name;
    struct str base =
        label(a, str_fmt(a, "%.*s-%.*s", STR_ARG(w->container->in->name), STR_ARG(name)));
    name = base;
    for (unsigned i = 2; is_taken(w->h, name); i++) {
        if (i > NAMES_TRIED)
            return STR_NULL;
        name = str_fmt(a, "%.*s-%u", STR_ARG(base), i);
    }
    return name;
}

static bool name_volumes(struct writes *w)
{
    VEC_EACH (m, &w->missing) {
        m->name = volume_name(w, m->path);
        if (!m->name.p)
            return false;
        add_name(w->h, names_of(w->h), m->name);
    }
    return true;
}

static void add_volume(struct writes *w, const struct place_needed *m)
{
    struct arena *a = w->h->arena;
    struct yplace *mounts = yplace_list(w->container->in->place, "volumeMounts");
    struct yplace *volumes = yplace_list(w->h->pod->spec, "volumes");
    struct yvalue *mount = yvalue_map(a), *volume = yvalue_map(a);
    yvalue_put(mount, STR("name"), yvalue_text(a, m->name));
    yvalue_put(mount, STR("mountPath"), yvalue_text(a, m->path));
    yplace_add(mounts, mount);
    yvalue_put(volume, STR("name"), yvalue_text(a, m->name));
    yvalue_put(volume, STR("emptyDir"), yvalue_map(a));
    yplace_add(volumes, volume);
}

/* ---- one container -------------------------------------------------------------------------- */

static const char *assumption(struct writes *w)
{
    const struct ur_image *image = &w->container->image;
    struct yplace *p = w->container->in->place;
    if (image->assumption)
        return image->assumption;
    if (yplace_get(p, "command") || yplace_get(p, "args"))
        return "the command that is given here writes where the image's own does, and nowhere else";
    return image->writable_whole ? NULL : "it writes nowhere else";
}

static bool collections_fit(struct writes *w)
{
    struct yplace *mounts = yplace_get(w->container->in->place, "volumeMounts");
    struct yplace *volumes = yplace_get(w->h->pod->spec, "volumes");
    return (!mounts || yplace_is_list(mounts)) && (!volumes || yplace_is_list(volumes));
}

static void close_root(struct writes *w)
{
    struct harden *h = w->h;
    struct yplace *p = w->container->in->place, *security = harden_security(p);
    struct yplace *set = yplace_get(security, "readOnlyRootFilesystem");
    bool value = false;
    yplace_bool(set, &value);
    if (!security || value || (set && !harden_is_settable(set)))
        return;
    if (!collections_fit(w) || !find_missing(w))
        return;
    bool may = set ? harden_may_override(h, read_only, set)
                   : harden_may(h, read_only, p, assumption(w), "writes-unknown");
    if (h->notes.n && h->notes.v[h->notes.n - 1].rule == read_only)
        h->notes.v[h->notes.n - 1].message = STR("its root file system can be written to");
    if (!may || !name_volumes(w))
        return;
    if (set)
        yplace_set(set, yvalue_bool(h->arena, true));
    else
        yplace_put(security, "readOnlyRootFilesystem", yvalue_bool(h->arena, true));
    VEC_EACH (m, &w->missing)
        add_volume(w, m);
}

void harden_read_only(struct harden *h)
{
    if (h->options->keep_root_writable)
        return;
    VEC_EACH (c, &h->containers) {
        struct writes w = {.h = h, .container = c};
        if (c->known && !c->image.writable_unknown && c->in->role != CONTAINER_EPHEMERAL)
            close_root(&w);
    }
}
