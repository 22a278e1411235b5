/*
 * What is set and reaches for the host. Its author meant it, so it is replaced by what is harmless
 * with `unsafe` only. A volume that only the cluster's administrator can provide otherwise (NFS,
 * iSCSI, …) has data in it and stays.
 */
#include "kubernetes/harden.h"

enum { LIST_MAX = 256 };

static struct yplace *security(struct yplace *p)
{
    return yplace_get(p, "securityContext");
}

/* Anything but false. */
static void switch_off(struct harden *h, const char *rule, struct yplace *p)
{
    bool value;
    if (!p || (yplace_bool(p, &value) && !value))
        return;
    if (harden_may_override(h, rule, p))
        yplace_set(p, yvalue_bool(h->arena, false));
}

static void set_text(struct harden *h, const char *rule, struct yplace *p, const char *text)
{
    if (harden_may_override(h, rule, p))
        yplace_set(p, yvalue_text(h->arena, str_of(text)));
}

static void take_out(struct harden *h, const char *rule, struct yplace *p)
{
    if (harden_may_remove(h, rule, p))
        yplace_remove(p);
}

/* ---- volumes -------------------------------------------------------------------------------- */

static void host_path(struct harden *h, struct yplace *source)
{
    if (harden_may(h, "pod-volumes", source, "it works with an empty folder in place of the host's",
                   "host-path"))
        yplace_become(source, "emptyDir", yvalue_map(h->arena));
}

static void volume(struct harden *h, struct yplace *v)
{
    ytree_pairs pairs = ytree_all(h->arena, v->node);
    VEC_EACH (pair, &pairs) {
        struct yplace *source = yplace_get(v, str_z(h->arena, pair->key->text));
        if (!source || str_is(pair->key->text, "name") || pss_volume_allowed(pair->key->text))
            continue;
        if (str_is(pair->key->text, "hostPath"))
            host_path(h, source);
        else if (h->options->level == PSS_RESTRICTED)
            harden_cannot(h, "pod-volumes", source, "network-volume",
                          str_fmt(h->arena, "a volume of this kind needs a PersistentVolumeClaim"));
    }
}

static void volumes(struct harden *h)
{
    struct yplace_walk w = yplace_walk(yplace_get(h->pod->spec, "volumes"));
    for (struct yplace *v; (v = yplace_next(&w));)
        volume(h, v);
}

/* ---- containers ----------------------------------------------------------------------------- */

static void ports(struct harden *h, struct yplace *container)
{
    struct yplace_walk w = yplace_walk(yplace_get(container, "ports"));
    for (struct yplace *port; (port = yplace_next(&w));) {
        struct yplace *p = yplace_get(port, "hostPort");
        int64_t n = 1;
        if (p && (!yplace_int(p, &n) || n))
            take_out(h, "pod-host-ports", p);
    }
}

static void handler(struct harden *h, struct yplace *p)
{
    static const char *const actions[] = {"httpGet", "tcpSocket"};
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        struct yplace *host = yplace_get(yplace_get(p, actions[i]), "host");
        struct str name = STR("?");
        if (host && (!yplace_string(host, &name) || name.n))
            take_out(h, "pod-host-probes", host);
    }
}

static void handlers(struct harden *h, struct yplace *container)
{
    struct yplace *life = yplace_get(container, "lifecycle");
    handler(h, yplace_get(container, "livenessProbe"));
    handler(h, yplace_get(container, "readinessProbe"));
    handler(h, yplace_get(container, "startupProbe"));
    handler(h, yplace_get(life, "postStart"));
    handler(h, yplace_get(life, "preStop"));
}

static void proc_mount(struct harden *h, struct yplace *container)
{
    struct yplace *p = yplace_get(security(container), "procMount");
    struct str name = STR("");
    bool host_users = true;
    yplace_bool(yplace_get(h->pod->spec, "hostUsers"), &host_users);
    if (!p || (yplace_string(p, &name) && str_is(name, "Default")) ||
        (h->options->level == PSS_BASELINE && !host_users))
        return;
    set_text(h, "pod-proc-mount", p, "Default");
}

/* ---- pods and containers alike -------------------------------------------------------------- */

static void app_armor(struct harden *h, struct yplace *p)
{
    struct yplace *type = yplace_get(yplace_get(security(p), "appArmorProfile"), "type");
    struct str name = STR("");
    if (!type || (yplace_string(type, &name) &&
                  (str_is(name, "RuntimeDefault") || str_is(name, "Localhost"))))
        return;
    set_text(h, "pod-apparmor", type, "RuntimeDefault");
}

static void app_armor_annotations(struct harden *h)
{
    struct yplace *all = yplace_get(h->pod->meta, "annotations");
    ytree_pairs pairs = ytree_all(h->arena, all ? all->node : NULL);
    VEC_EACH (pair, &pairs) {
        struct str value = STR("?");
        if (!str_starts(pair->key->text, STR(PSS_APPARMOR_ANNOTATION)))
            continue;
        struct yplace *p = yplace_get(all, str_z(h->arena, pair->key->text));
        if (p && (!yplace_string(p, &value) || !pss_apparmor_annotation_allowed(value)))
            set_text(h, "pod-apparmor", p, "runtime/default");
    }
}

static void selinux(struct harden *h, struct yplace *p)
{
    struct yplace *options = yplace_get(security(p), "seLinuxOptions");
    struct yplace *type = yplace_get(options, "type");
    struct str name = STR("?");
    if (type && (!yplace_string(type, &name) || !pss_selinux_type_allowed(name)))
        set_text(h, "pod-selinux", type, "container_t");
    for (const char *const *key = (const char *const[]){"user", "role", NULL}; *key; key++) {
        struct yplace *part = yplace_get(options, *key);
        name = STR("?");
        if (part && (!yplace_string(part, &name) || name.n))
            take_out(h, "pod-selinux", part);
    }
}

static bool is_safe_sysctl(struct yplace *p)
{
    struct str name = STR("");
    return yplace_string(yplace_get(p, "name"), &name) && pss_sysctl_allowed(name);
}

static void sysctls(struct harden *h)
{
    struct yplace *list = yplace_get(security(h->pod->spec), "sysctls");
    struct yplace_walk w = yplace_walk(list);
    size_t bad = 0;
    for (struct yplace *p; (p = yplace_next(&w));)
        bad += !is_safe_sysctl(p);
    if (!bad || yplace_count(list) > LIST_MAX)
        return;
    if (bad == yplace_count(list)) {
        take_out(h, "pod-sysctls", list);
        return;
    }
    w = yplace_walk(list);
    for (struct yplace *p; (p = yplace_next(&w));)
        if (!is_safe_sysctl(p))
            take_out(h, "pod-sysctls", p);
}

static void windows(struct harden *h, struct yplace *p)
{
    struct yplace *options = yplace_get(security(p), "windowsOptions");
    switch_off(h, "pod-windows-host-process", yplace_get(options, "hostProcess"));
}

void harden_host(struct harden *h)
{
    struct yplace *spec = h->pod->spec;
    switch_off(h, "pod-host-namespaces", yplace_get(spec, "hostNetwork"));
    switch_off(h, "pod-host-namespaces", yplace_get(spec, "hostPID"));
    switch_off(h, "pod-host-namespaces", yplace_get(spec, "hostIPC"));
    volumes(h);
    app_armor(h, spec);
    app_armor_annotations(h);
    selinux(h, spec);
    sysctls(h);
    windows(h, spec);
    VEC_EACH (c, &h->containers) {
        struct yplace *p = c->in->place;
        switch_off(h, "pod-privileged", yplace_get(security(p), "privileged"));
        ports(h, p);
        handlers(h, p);
        proc_mount(h, p);
        app_armor(h, p);
        selinux(h, p);
        windows(h, p);
    }
    harden_overrides(h);
}
