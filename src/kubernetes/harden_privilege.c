/*
 * What a process of a container may get beyond its user: system calls, capabilities, privileges of
 * setuid programs.
 */
#include "kubernetes/harden.h"

enum { LIST_MAX = 256 }; /* a longer list of capabilities is not one */

static struct yplace *of(struct yplace *p, const char *key)
{
    return yplace_get(yplace_get(p, "securityContext"), key);
}

/* ---- seccomp -------------------------------------------------------------------------------- */

static const char seccomp[] = "pod-seccomp";

static bool has_type(struct yplace *p)
{
    return yplace_get(of(p, "seccompProfile"), "type") != NULL;
}

static void put_profile(struct harden *h, struct yplace *p)
{
    struct yplace *profile = yplace_map(harden_security(p), "seccompProfile");
    if (profile)
        yplace_put(profile, "type", yvalue_text(h->arena, STR("RuntimeDefault")));
}

static void override_profile(struct harden *h, struct yplace *p)
{
    struct yplace *type = yplace_get(of(p, "seccompProfile"), "type");
    struct str name = STR("");
    if (!type || (yplace_string(type, &name) &&
                  (str_is(name, "RuntimeDefault") || str_is(name, "Localhost"))))
        return;
    if (harden_may_override(h, seccomp, type))
        yplace_set(type, yvalue_text(h->arena, STR("RuntimeDefault")));
}

void harden_seccomp(struct harden *h)
{
    size_t lacking = 0, granted = 0;
    bool *grant = arena_alloc(h->arena, h->containers.n + 1);
    if (h->pod->windows)
        return;
    if (has_type(h->pod->spec))
        return; /* harden_host() has looked at what is set */
    VEC_EACH (c, &h->containers) {
        if (has_type(c->in->place))
            continue;
        lacking++;
        grant[c - h->containers.v] = harden_may(h, seccomp, c->in->place, c->assumption, c->reason);
        granted += grant[c - h->containers.v];
    }
    if (granted && granted == lacking) {
        put_profile(h, h->pod->spec);
        return;
    }
    VEC_EACH (c, &h->containers)
        if (grant[c - h->containers.v])
            put_profile(h, c->in->place);
}

/* ---- capabilities --------------------------------------------------------------------------- */

static const char capabilities[] = "pod-capabilities";

static bool has_all(struct yplace *drop)
{
    struct yplace_walk w = yplace_walk(drop);
    struct str name;
    for (struct yplace *p; (p = yplace_next(&w));)
        if (yplace_string(p, &name) && str_is(name, "ALL"))
            return true;
    return false;
}

/* Root uses what a user has not: to give files away, to become another user. */
static bool runs_as_root(const struct harden_container *c)
{
    return c->refusal && strcmp(c->refusal_reason, "unproven-uid") != 0;
}

static void drop_all(struct harden *h, struct harden_container *c)
{
    struct yplace *p = c->in->place;
    if (runs_as_root(c) && !has_all(yplace_get(of(p, "capabilities"), "drop"))) {
        harden_cannot(h, capabilities, p, c->refusal_reason,
                      STR("it runs as root, and may need some of them"));
        return;
    }
    if (has_all(yplace_get(of(p, "capabilities"), "drop")) ||
        !harden_may(h, capabilities, p, c->assumption, c->reason))
        return;
    struct yplace *drop = yplace_list(yplace_map(harden_security(p), "capabilities"), "drop");
    if (drop)
        yplace_add(drop, yvalue_text(h->arena, STR("ALL")));
}

/* The whole list goes when nothing of it stays. */
static void remove_added(struct harden *h, struct harden_container *c)
{
    struct yplace *list = yplace_get(of(c->in->place, "capabilities"), "add");
    struct yplace_walk w = yplace_walk(list);
    size_t bad = 0;
    struct str name;
    if (yplace_count(list) > LIST_MAX)
        return;
    for (struct yplace *p; (p = yplace_next(&w));)
        bad += !yplace_string(p, &name) || !pss_capability_allowed(name, h->options->level);
    if (!bad || !harden_may_remove(h, capabilities, list))
        return;
    if (bad == yplace_count(list)) {
        yplace_remove(list);
        return;
    }
    w = yplace_walk(list);
    for (struct yplace *p; (p = yplace_next(&w));)
        if (!yplace_string(p, &name) || !pss_capability_allowed(name, h->options->level))
            yplace_remove(p);
}

/* ---- allowPrivilegeEscalation --------------------------------------------------------------- */

static const char escalation[] = "pod-privilege-escalation";

static bool adds_sys_admin(struct yplace *container)
{
    struct yplace_walk w = yplace_walk(yplace_get(of(container, "capabilities"), "add"));
    struct str name;
    for (struct yplace *p; (p = yplace_next(&w));)
        if (yplace_string(p, &name) && (str_is(name, "SYS_ADMIN") || str_is(name, "CAP_SYS_ADMIN")))
            return true;
    return false;
}

/* The API does not take it together with these; when they stay, so does this. */
static bool stays_privileged(struct yplace *container)
{
    bool value = false;
    yplace_bool(of(container, "privileged"), &value);
    return value || adds_sys_admin(container);
}

static void forbid_escalation(struct harden *h, struct harden_container *c)
{
    struct yplace *p = of(c->in->place, "allowPrivilegeEscalation");
    bool value;
    if ((yplace_bool(p, &value) && !value) || stays_privileged(c->in->place))
        return;
    if (p) {
        if (harden_may_override(h, escalation, p))
            yplace_set(p, yvalue_bool(h->arena, false));
        return;
    }
    if (!harden_may(h, escalation, c->in->place, c->assumption, c->reason))
        return;
    struct yplace *security = harden_security(c->in->place);
    if (security)
        yplace_put(security, "allowPrivilegeEscalation", yvalue_bool(h->arena, false));
}

/* ---- ports below 1024 ----------------------------------------------------------------------- */

/* Every user of the pod may listen there, whatever the runtime does. */
static bool frees_ports(struct harden *h)
{
    struct yplace_walk w = yplace_walk(of(h->pod->spec, "sysctls"));
    struct str name;
    for (struct yplace *p; (p = yplace_next(&w));)
        if (yplace_string(yplace_get(p, "name"), &name) &&
            str_is(name, "net.ipv4.ip_unprivileged_port_start"))
            return true;
    return false;
}

/* The first port below 1024 that it declares, as it will be; 0: none. */
static unsigned low_port(struct harden *h, struct harden_container *c)
{
    struct yplace_walk w = yplace_walk(yplace_get(c->in->place, "ports"));
    int64_t n;
    for (struct yplace *p; (p = yplace_next(&w));)
        if (yplace_int(yplace_get(p, "containerPort"), &n) && n > 0 && n < 1024)
            return frees_ports(h) ? 0 : (unsigned)n;
    return 0;
}

/* A user that is not root may listen there by a file capability, which gives nothing without
 * privileges. */
static void doubt_port(struct harden *h, struct harden_container *c)
{
    unsigned port = c->assumption ? 0 : low_port(h, c);
    if (!port)
        return;
    c->assumption = str_fmt(h->arena, "it needs no file capability to listen on port %u", port).p;
    c->reason = "privileged-port";
}

void harden_privileges(struct harden *h)
{
    if (h->pod->windows)
        return;
    VEC_EACH (c, &h->containers) {
        doubt_port(h, c);
        forbid_escalation(h, c);
        drop_all(h, c);
    }
}

void harden_overrides(struct harden *h)
{
    override_profile(h, h->pod->spec);
    VEC_EACH (c, &h->containers) {
        override_profile(h, c->in->place);
        remove_added(h, c);
    }
}
