/*
 * runAsNonRoot and the numbers. What all containers of a pod get is said once for the pod, else in
 * each of them.
 */
#include "kubernetes/harden.h"

static struct yplace *of(struct yplace *p, const char *key)
{
    return yplace_get(yplace_get(p, "securityContext"), key);
}

static bool is_true(const struct yplace *p)
{
    bool value;
    return yplace_bool(p, &value) && value;
}

static void put(struct yplace *p, const char *key, struct yvalue *value)
{
    struct yplace *security = harden_security(p);
    if (security)
        yplace_put(security, key, value);
}

/* ---- runAsNonRoot --------------------------------------------------------------------------- */

static const char non_root[] = "pod-non-root";

/* Would it be written for this container? Says once why not. */
static bool may_be_non_root(struct harden *h, struct harden_container *c, const struct yplace *at)
{
    if (!c->refusal)
        return harden_may(h, non_root, at, c->assumption, c->reason);
    harden_cannot(h, non_root, at, c->refusal_reason,
                  str_fmt(h->arena, "with runAsNonRoot it would not start: %s", c->refusal));
    return false;
}

/* An explicit false. */
static void override_non_root(struct harden *h, struct harden_container *c, struct yplace *p)
{
    if (may_be_non_root(h, c, c->in->place) && harden_may_override(h, non_root, p))
        yplace_set(p, yvalue_bool(h->arena, true));
}

/* The first of those that take the pod's word for which it is not proven; NULL when it is for all.
 */
static struct harden_container *weakest(struct harden *h)
{
    struct harden_container *found = NULL;
    VEC_EACH (c, &h->containers) {
        if (of(c->in->place, "runAsNonRoot"))
            continue;
        if (c->refusal)
            return c;
        if (c->assumption && !found)
            found = c;
    }
    return found;
}

static void non_root_of_pod(struct harden *h)
{
    struct yplace *p = of(h->pod->spec, "runAsNonRoot");
    struct harden_container *c = weakest(h);
    if (!p || is_true(p))
        return;
    if ((!c || may_be_non_root(h, c, p)) && harden_may_override(h, non_root, p))
        yplace_set(p, yvalue_bool(h->arena, true));
}

static void harden_non_root(struct harden *h)
{
    struct yplace *pod = of(h->pod->spec, "runAsNonRoot");
    size_t lacking = 0, granted = 0;
    bool *grant = arena_alloc(h->arena, h->containers.n + 1);
    bool host_users = true;
    yplace_bool(yplace_get(h->pod->spec, "hostUsers"), &host_users);
    if (!host_users)
        return; /* root in there is nobody outside */
    non_root_of_pod(h);
    VEC_EACH (c, &h->containers) {
        struct yplace *own = of(c->in->place, "runAsNonRoot");
        if (own && !is_true(own))
            override_non_root(h, c, own);
        if (own || pod)
            continue;
        lacking++;
        grant[c - h->containers.v] = may_be_non_root(h, c, c->in->place);
        granted += grant[c - h->containers.v];
    }
    if (granted && granted == lacking) {
        put(h->pod->spec, "runAsNonRoot", yvalue_bool(h->arena, true));
        return;
    }
    VEC_EACH (c, &h->containers)
        if (grant[c - h->containers.v])
            put(c->in->place, "runAsNonRoot", yvalue_bool(h->arena, true));
}

/* ---- the numbers ---------------------------------------------------------------------------- */

static bool is_id(long id)
{
    return id > 0 && id <= 2147483647;
}

/* A zero that is written down: the image's number in its place, or none. */
static void replace_zero(struct harden *h, struct yplace *p, long uid)
{
    int64_t n;
    if (!p || (yplace_int(p, &n) && n) || !harden_may_override(h, "pod-user", p))
        return;
    if (is_id(uid))
        yplace_set(p, yvalue_number(h->arena, (uint64_t)uid));
    else
        yplace_remove(p);
}

/* The number that all containers' images have; -1 when they differ. */
static long common_uid(const struct harden *h)
{
    long uid = -1;
    VEC_EACH (c, &h->containers) {
        if (!is_id(c->image.uid) || (uid >= 0 && uid != c->image.uid))
            return -1;
        uid = c->image.uid;
    }
    return uid;
}

void harden_zero(struct harden *h)
{
    bool host_users = true;
    yplace_bool(yplace_get(h->pod->spec, "hostUsers"), &host_users);
    if (!host_users)
        return;
    replace_zero(h, of(h->pod->spec, "runAsUser"), common_uid(h));
    VEC_EACH (c, &h->containers)
        replace_zero(h, of(c->in->place, "runAsUser"), c->image.uid);
}

enum { ID_GIVEN = -2, ID_UNKNOWN = -1 };

/* What a container should get: its image's number, where the manifest gives none. */
static long wanted_id(const struct harden_container *c, bool group)
{
    long id = group ? c->image.gid : c->image.uid;
    bool another = c->user_set && c->user != c->image.uid; /* whose group it isn't */
    if (group ? c->group_set : c->user_set)
        return ID_GIVEN;
    return c->known && is_id(id) && !(group && another) ? id : ID_UNKNOWN;
}

static bool may_number(struct harden *h, const struct harden_container *c, const char *key, long id)
{
    size_t before = h->notes.n;
    bool may = harden_may(h, "pod-ids", c->in->place, c->image.assumption, "unknown-image");
    if (h->notes.n > before)
        h->notes.v[before].message = str_fmt(h->arena, "%s is not set; by %s it is %ld", key,
                                             c->image.source ? c->image.source : "its image", id);
    return may;
}

/* Written for the pod when every container gets the same, or has one of its own. */
static void put_ids(struct harden *h, const char *key, bool group)
{
    long common = ID_GIVEN;
    bool all = true;
    size_t some = 0;
    bool *grant = arena_alloc(h->arena, h->containers.n + 1);
    VEC_EACH (c, &h->containers) {
        long id = wanted_id(c, group);
        if (id == ID_GIVEN)
            continue;
        bool ok = id > 0 && may_number(h, c, key, id);
        grant[c - h->containers.v] = ok;
        some += ok;
        all = all && ok && (common == ID_GIVEN || common == id);
        common = id;
    }
    if (some && all && !of(h->pod->spec, key)) {
        put(h->pod->spec, key, yvalue_number(h->arena, (uint64_t)common));
        return;
    }
    VEC_EACH (c, &h->containers)
        if (grant[c - h->containers.v] && !of(c->in->place, key))
            put(c->in->place, key, yvalue_number(h->arena, (uint64_t)wanted_id(c, group)));
}

/* Volumes that can be written: they get the group of those who write. */
static bool has_volumes(struct harden *h)
{
    struct yplace *volumes = yplace_get(h->pod->spec, "volumes");
    bool added = volumes && (volumes->puts.n || (volumes->fresh && volumes->fresh->first));
    return added || yplace_count(volumes) ||
           yplace_count(yplace_get(yplace_get(h->object->place, "spec"), "volumeClaimTemplates"));
}

/* Volumes whose content stays, and which root may have filled. */
static bool has_claims(struct harden *h)
{
    struct yplace *spec = yplace_get(h->object->place, "spec");
    if (yplace_count(yplace_get(spec, "volumeClaimTemplates")))
        return true;
    struct yplace_walk w = yplace_walk(yplace_get(h->pod->spec, "volumes"));
    for (struct yplace *volume; (volume = yplace_next(&w));)
        if (yplace_get(volume, "persistentVolumeClaim"))
            return true;
    return false;
}

/* No group does for all of them: then somebody has to think of what lies in the volumes. */
static void tell_claims(struct harden *h)
{
    bool changes = false;
    VEC_EACH (c, &h->containers)
        changes |= c->known && !c->user_set && is_id(c->image.uid);
    if (!changes || !has_claims(h) || !h->options->wanted(h->options->ctx, "pod-ids"))
        return;
    harden_note(h, "pod-ids", UR_NOTE, h->pod->spec,
                STR("fsGroup is not set, because its containers have different groups, or one's is "
                    "not known: see that each may write to the volumes that it has to write to"));
}

void harden_fs_group(struct harden *h)
{
    long gid = -1;
    const char *rests = NULL;
    if (of(h->pod->spec, "fsGroup") || !has_volumes(h))
        return;
    VEC_EACH (c, &h->containers) {
        long own = c->group_set ? (long)c->group : c->known ? c->image.gid : -1;
        bool other = c->user_set && c->user != c->image.uid && !c->group_set;
        if (!is_id(own) || other || (gid >= 0 && gid != own)) {
            tell_claims(h);
            return;
        }
        gid = own;
        if (!rests && !c->group_set)
            rests = c->image.assumption;
    }
    if (!is_id(gid) || !harden_may(h, "pod-ids", h->pod->spec, rests, "unknown-image"))
        return;
    h->notes.v[h->notes.n - 1].message =
        str_fmt(h->arena, "fsGroup is not set; its containers' group is %ld", gid);
    put(h->pod->spec, "fsGroup", yvalue_number(h->arena, (uint64_t)gid));
}

/* A number of the manifest's comes before that of the image, but the files of the image do not
 * follow it. */
static void tell_others(struct harden *h)
{
    VEC_EACH (c, &h->containers) {
        bool facts = !c->image.source || strcmp(c->image.source, "facts") == 0;
        if (!c->known || facts || !c->user_set || c->user <= 0 || !is_id(c->image.uid) ||
            c->user == c->image.uid || !h->options->wanted(h->options->ctx, "pod-ids"))
            continue;
        harden_note(h, "pod-ids", UR_NOTE, c->in->place,
                    str_fmt(h->arena,
                            "it runs as %lld, but in %s what it may write to belongs to %ld: "
                            "leave runAsUser out, or use that number",
                            (long long)c->user, c->image.source, c->image.uid));
    }
}

void harden_users(struct harden *h)
{
    harden_non_root(h);
    if (h->pod->windows)
        return;
    tell_others(h);
    put_ids(h, "runAsUser", false);
    put_ids(h, "runAsGroup", true);
}
