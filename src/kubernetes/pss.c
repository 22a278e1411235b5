/*
 * A check looks at one pod. What is not set, or null, is allowed unless the check says otherwise; a
 * value of the wrong type is a violation, because no cluster takes it. Restricted runs its own form
 * of four checks in place of baseline's.
 */
#include "kubernetes/pss.h"

struct pss {
    struct arena *arena;
    const struct pod *pod;
    const struct pss_check *check;
    pss_violations out;
};

/* ---- saying what is wrong ------------------------------------------------------------------- */

static void add(struct pss *s, const struct yplace *at, struct str field, struct str message)
{
    *vec_push(s->arena, &s->out) = (struct pss_violation){s->check, at, field, message, 0};
}

static void wrong(struct pss *s, const struct yplace *at, const char *message)
{
    add(s, at, yplace_path(s->arena, at), str_of(message));
}

/* Something that is not set below a place. */
static void lacks(struct pss *s, const struct yplace *at, const char *field, const char *message)
{
    struct str path = yplace_path(s->arena, at);
    add(s, at, str_fmt(s->arena, "%.*s.%s", STR_ARG(path), field), str_of(message));
}

/* ---- looking -------------------------------------------------------------------------------- */

static struct yplace *security(struct yplace *p)
{
    return yplace_get(p, "securityContext");
}

static struct yplace *pod_security(const struct pss *s)
{
    return security(s->pod->spec);
}

static bool is_false(struct yplace *p)
{
    bool value;
    return yplace_bool(p, &value) && !value;
}

static bool is_true(struct yplace *p)
{
    bool value;
    return yplace_bool(p, &value) && value;
}

/* Must be unset or false. */
static void must_not_be_true(struct pss *s, struct yplace *p)
{
    bool value;
    if (p && !yplace_bool(p, &value))
        wrong(s, p, "is not a boolean");
    else if (p && value)
        wrong(s, p, "must not be true");
}

static bool host_users_off(const struct pss *s)
{
    return is_false(yplace_get(s->pod->spec, "hostUsers"));
}

#define EACH_CONTAINER(c, s) VEC_EACH (c, &(s)->pod->containers)

static bool listed(struct str name, const char *const *list)
{
    for (; *list; list++)
        if (str_is(name, *list))
            return true;
    return false;
}

/* ---- baseline ------------------------------------------------------------------------------- */

static void host_namespaces(struct pss *s)
{
    must_not_be_true(s, yplace_get(s->pod->spec, "hostNetwork"));
    must_not_be_true(s, yplace_get(s->pod->spec, "hostPID"));
    must_not_be_true(s, yplace_get(s->pod->spec, "hostIPC"));
}

static void privileged(struct pss *s)
{
    EACH_CONTAINER(c, s)
    must_not_be_true(s, yplace_get(security(c->place), "privileged"));
}

bool pss_capability_allowed(struct str name, enum pss_level level)
{
    static const char *const baseline[] = {
        "AUDIT_WRITE",      "CHOWN",   "DAC_OVERRIDE", "FOWNER",  "FSETID", "KILL",       "MKNOD",
        "NET_BIND_SERVICE", "SETFCAP", "SETGID",       "SETPCAP", "SETUID", "SYS_CHROOT", NULL};
    if (level == PSS_RESTRICTED)
        return str_is(name, "NET_BIND_SERVICE");
    return listed(name, baseline);
}

static void added_capabilities(struct pss *s, struct yplace *container, enum pss_level level)
{
    struct yplace *add_list = yplace_get(yplace_get(security(container), "capabilities"), "add");
    if (add_list && !yplace_is_list(add_list))
        wrong(s, add_list, "is not a list");
    struct yplace_walk w = yplace_walk(add_list);
    for (struct yplace *p; (p = yplace_next(&w));) {
        struct str name = STR("");
        if (!yplace_string(p, &name) || !pss_capability_allowed(name, level))
            wrong(s, p,
                  level == PSS_RESTRICTED ? "only NET_BIND_SERVICE may be added"
                                          : "is not one of the capabilities that may be added");
    }
}

static void capabilities_baseline(struct pss *s)
{
    EACH_CONTAINER(c, s)
    added_capabilities(s, c->place, PSS_BASELINE);
}

static void host_path_volumes(struct pss *s)
{
    struct yplace_walk w = yplace_walk(yplace_get(s->pod->spec, "volumes"));
    for (struct yplace *v; (v = yplace_next(&w));)
        if (yplace_get(v, "hostPath"))
            wrong(s, yplace_get(v, "hostPath"), "volumes of the host must not be used");
}

static void host_ports(struct pss *s)
{
    bool network = is_true(yplace_get(s->pod->spec, "hostNetwork"));
    EACH_CONTAINER(c, s)
    {
        struct yplace_walk w = yplace_walk(yplace_get(c->place, "ports"));
        for (struct yplace *port; (port = yplace_next(&w));) {
            struct yplace *p = yplace_get(port, "hostPort");
            int64_t n;
            if (p && !yplace_int(p, &n))
                wrong(s, p, "is not a number");
            else if (p && n)
                wrong(s, p, "ports of the host must not be used");
            else if (network && yplace_get(port, "containerPort"))
                lacks(s, port, "hostPort", "is that of the container, because of hostNetwork");
        }
    }
}

static void host_in(struct pss *s, struct yplace *handler)
{
    static const char *const actions[] = {"httpGet", "tcpSocket"};
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        struct yplace *host = yplace_get(yplace_get(handler, actions[i]), "host");
        struct str name = STR("?");
        if (host && (!yplace_string(host, &name) || name.n))
            wrong(s, host, "must not be set");
    }
}

static void host_probes(struct pss *s)
{
    EACH_CONTAINER(c, s)
    {
        host_in(s, yplace_get(c->place, "livenessProbe"));
        host_in(s, yplace_get(c->place, "readinessProbe"));
        host_in(s, yplace_get(c->place, "startupProbe"));
        struct yplace *life = yplace_get(c->place, "lifecycle");
        host_in(s, yplace_get(life, "postStart"));
        host_in(s, yplace_get(life, "preStop"));
    }
}

/* type is RuntimeDefault or Localhost; true when it is set to one of them. */
static bool profile(struct pss *s, struct yplace *p)
{
    struct yplace *type = yplace_get(p, "type");
    struct str name = STR("");
    if (!type)
        return false;
    if (yplace_string(type, &name) && (str_is(name, "RuntimeDefault") || str_is(name, "Localhost")))
        return true;
    wrong(s, type, "must be RuntimeDefault or Localhost");
    return false;
}

bool pss_apparmor_annotation_allowed(struct str value)
{
    return !value.n || str_is(value, "runtime/default") || str_starts(value, STR("localhost/"));
}

static void app_armor_annotations(struct pss *s)
{
    struct yplace *all = yplace_get(s->pod->meta, "annotations");
    ytree_pairs pairs = ytree_all(s->arena, all ? all->node : NULL);
    VEC_EACH (pair, &pairs) {
        struct str value = STR("?");
        if (!str_starts(pair->key->text, STR(PSS_APPARMOR_ANNOTATION)))
            continue;
        struct yplace *p = yplace_get(all, str_z(s->arena, pair->key->text));
        if (p && (!yplace_string(p, &value) || !pss_apparmor_annotation_allowed(value)))
            wrong(s, p, "must be runtime/default or localhost/…");
    }
}

static void app_armor(struct pss *s)
{
    profile(s, yplace_get(pod_security(s), "appArmorProfile"));
    EACH_CONTAINER(c, s)
    profile(s, yplace_get(security(c->place), "appArmorProfile"));
    app_armor_annotations(s);
}

bool pss_selinux_type_allowed(struct str type)
{
    static const char *const types[] = {
        "", "container_t", "container_init_t", "container_kvm_t", "container_engine_t", NULL};
    return listed(type, types);
}

static void selinux_in(struct pss *s, struct yplace *options)
{
    struct yplace *type = yplace_get(options, "type");
    struct str name = STR("?");
    if (type && (!yplace_string(type, &name) || !pss_selinux_type_allowed(name)))
        wrong(s, type, "is not one of the types of containers");
    for (const char *const *key = (const char *const[]){"user", "role", NULL}; *key; key++) {
        struct yplace *p = yplace_get(options, *key);
        name = STR("?");
        if (p && (!yplace_string(p, &name) || name.n))
            wrong(s, p, "must not be set");
    }
}

static void selinux(struct pss *s)
{
    selinux_in(s, yplace_get(pod_security(s), "seLinuxOptions"));
    EACH_CONTAINER(c, s)
    selinux_in(s, yplace_get(security(c->place), "seLinuxOptions"));
}

static void proc_mount_is_default(struct pss *s)
{
    EACH_CONTAINER(c, s)
    {
        struct yplace *p = yplace_get(security(c->place), "procMount");
        struct str name = STR("");
        if (p && (!yplace_string(p, &name) || !str_is(name, "Default")))
            wrong(s, p, "must be Default");
    }
}

static void proc_mount(struct pss *s)
{
    if (!host_users_off(s))
        proc_mount_is_default(s);
}

static void seccomp_baseline(struct pss *s)
{
    profile(s, yplace_get(pod_security(s), "seccompProfile"));
    EACH_CONTAINER(c, s)
    profile(s, yplace_get(security(c->place), "seccompProfile"));
}

bool pss_sysctl_allowed(struct str name)
{
    static const char *const safe[] = {"kernel.shm_rmid_forced",
                                       "net.ipv4.ip_local_port_range",
                                       "net.ipv4.tcp_syncookies",
                                       "net.ipv4.ping_group_range",
                                       "net.ipv4.ip_unprivileged_port_start",
                                       "net.ipv4.ip_local_reserved_ports",
                                       "net.ipv4.tcp_keepalive_time",
                                       "net.ipv4.tcp_fin_timeout",
                                       "net.ipv4.tcp_keepalive_intvl",
                                       "net.ipv4.tcp_keepalive_probes",
                                       "net.ipv4.tcp_rmem",
                                       "net.ipv4.tcp_wmem",
                                       "net.ipv4.tcp_slow_start_after_idle",
                                       "net.ipv4.tcp_notsent_lowat",
                                       NULL};
    return listed(name, safe);
}

static void sysctls(struct pss *s)
{
    struct yplace_walk w = yplace_walk(yplace_get(pod_security(s), "sysctls"));
    for (struct yplace *p; (p = yplace_next(&w));) {
        struct yplace *name = yplace_get(p, "name");
        struct str text = STR("");
        if (!yplace_string(name, &text) || !pss_sysctl_allowed(text))
            wrong(s, name ? name : p, "is not one of the safe ones");
    }
}

static void windows_host_process(struct pss *s)
{
    must_not_be_true(s, yplace_get(yplace_get(pod_security(s), "windowsOptions"), "hostProcess"));
    EACH_CONTAINER(c, s)
    {
        struct yplace *options = yplace_get(security(c->place), "windowsOptions");
        must_not_be_true(s, yplace_get(options, "hostProcess"));
    }
}

/* ---- restricted ----------------------------------------------------------------------------- */

bool pss_volume_allowed(struct str source)
{
    static const char *const allowed[] = {
        "configMap", "csi",   "downwardAPI",           "emptyDir",
        "ephemeral", "image", "persistentVolumeClaim", "projected",
        "secret",    NULL};
    return listed(source, allowed);
}

static void restricted_volumes(struct pss *s)
{
    struct yplace_walk w = yplace_walk(yplace_get(s->pod->spec, "volumes"));
    for (struct yplace *v; (v = yplace_next(&w));) {
        ytree_pairs pairs = ytree_all(s->arena, v->node);
        VEC_EACH (pair, &pairs) {
            struct yplace *source = yplace_get(v, str_z(s->arena, pair->key->text));
            if (source && !str_is(pair->key->text, "name") && !pss_volume_allowed(pair->key->text))
                wrong(s, source, "is not one of the kinds of volumes that may be used");
        }
    }
}

static void privilege_escalation(struct pss *s)
{
    if (s->pod->windows)
        return;
    EACH_CONTAINER(c, s)
    {
        struct yplace *p = yplace_get(security(c->place), "allowPrivilegeEscalation");
        if (!p)
            lacks(s, c->place, "securityContext.allowPrivilegeEscalation", "must be set to false");
        else if (!is_false(p))
            wrong(s, p, "must be false");
    }
}

static void run_as_non_root(struct pss *s)
{
    struct yplace *of_pod = yplace_get(pod_security(s), "runAsNonRoot");
    if (host_users_off(s))
        return;
    if (of_pod && !is_true(of_pod))
        wrong(s, of_pod, "must be true");
    EACH_CONTAINER(c, s)
    {
        struct yplace *p = yplace_get(security(c->place), "runAsNonRoot");
        if (p && !is_true(p))
            wrong(s, p, "must be true");
        else if (!p && !of_pod)
            lacks(s, c->place, "securityContext.runAsNonRoot",
                  "must be true, here or for the whole pod");
    }
}

static void run_as_user_in(struct pss *s, struct yplace *p)
{
    int64_t n;
    if (p && !yplace_int(p, &n))
        wrong(s, p, "is not a number");
    else if (p && !n)
        wrong(s, p, "must not be 0");
}

static void run_as_user(struct pss *s)
{
    if (host_users_off(s))
        return;
    run_as_user_in(s, yplace_get(pod_security(s), "runAsUser"));
    EACH_CONTAINER(c, s)
    run_as_user_in(s, yplace_get(security(c->place), "runAsUser"));
}

static void seccomp_restricted(struct pss *s)
{
    if (s->pod->windows)
        return;
    bool of_pod = profile(s, yplace_get(pod_security(s), "seccompProfile"));
    EACH_CONTAINER(c, s)
    {
        struct yplace *p = yplace_get(security(c->place), "seccompProfile");
        if (!profile(s, p) && !of_pod && !yplace_get(p, "type"))
            lacks(s, c->place, "securityContext.seccompProfile.type",
                  "must be RuntimeDefault or Localhost, here or for the whole pod");
    }
}

static bool drops_all(struct yplace *container)
{
    struct yplace_walk w =
        yplace_walk(yplace_get(yplace_get(security(container), "capabilities"), "drop"));
    struct str name;
    for (struct yplace *p; (p = yplace_next(&w));)
        if (yplace_string(p, &name) && str_is(name, "ALL"))
            return true;
    return false;
}

static void capabilities_restricted(struct pss *s)
{
    if (s->pod->windows)
        return;
    EACH_CONTAINER(c, s)
    {
        if (!drops_all(c->place))
            lacks(s, c->place, "securityContext.capabilities.drop", "must have ALL in it");
        added_capabilities(s, c->place, PSS_RESTRICTED);
    }
}

/* ---- the table ------------------------------------------------------------------------------ */

const struct pss_check pss_checks[] = {
    {"appArmorProfile", PSS_BASELINE, "pod-apparmor", NULL, app_armor},
    {"capabilities_baseline", PSS_BASELINE, "pod-capabilities", NULL, capabilities_baseline},
    {"hostNamespaces", PSS_BASELINE, "pod-host-namespaces", NULL, host_namespaces},
    {"hostPathVolumes", PSS_BASELINE, "pod-volumes", NULL, host_path_volumes},
    {"hostPorts", PSS_BASELINE, "pod-host-ports", NULL, host_ports},
    {"hostProbesAndHostLifecycle", PSS_BASELINE, "pod-host-probes", NULL, host_probes},
    {"privileged", PSS_BASELINE, "pod-privileged", NULL, privileged},
    {"procMount", PSS_BASELINE, "pod-proc-mount", NULL, proc_mount},
    {"seLinuxOptions", PSS_BASELINE, "pod-selinux", NULL, selinux},
    {"seccompProfile_baseline", PSS_BASELINE, "pod-seccomp", NULL, seccomp_baseline},
    {"sysctls", PSS_BASELINE, "pod-sysctls", NULL, sysctls},
    {"windowsHostProcess", PSS_BASELINE, "pod-windows-host-process", NULL, windows_host_process},
    {"allowPrivilegeEscalation", PSS_RESTRICTED, "pod-privilege-escalation", NULL,
     privilege_escalation},
    {"capabilities_restricted", PSS_RESTRICTED, "pod-capabilities", "capabilities_baseline",
     capabilities_restricted},
    {"procMount_restricted", PSS_RESTRICTED, "pod-proc-mount", "procMount", proc_mount_is_default},
    {"restrictedVolumes", PSS_RESTRICTED, "pod-volumes", "hostPathVolumes", restricted_volumes},
    {"runAsNonRoot", PSS_RESTRICTED, "pod-non-root", NULL, run_as_non_root},
    {"runAsUser", PSS_RESTRICTED, "pod-user", NULL, run_as_user},
    {"seccompProfile_restricted", PSS_RESTRICTED, "pod-seccomp", "seccompProfile_baseline",
     seccomp_restricted},
};
const size_t pss_check_count = sizeof pss_checks / sizeof *pss_checks;

static bool is_overridden(const struct pss_check *check)
{
    for (size_t i = 0; i < pss_check_count; i++)
        if (pss_checks[i].overrides && strcmp(pss_checks[i].overrides, check->id) == 0)
            return true;
    return false;
}

pss_violations pss_evaluate(struct arena *a, const struct pod *pod, enum pss_level level)
{
    struct pss s = {.arena = a, .pod = pod};
    for (size_t i = 0; i < pss_check_count; i++) {
        const struct pss_check *check = &pss_checks[i];
        if (check->level > level || (level == PSS_RESTRICTED && is_overridden(check)))
            continue;
        s.check = check;
        check->run(&s);
    }
    return s.out;
}

const char *pss_level_name(enum pss_level level)
{
    return level == PSS_BASELINE ? "baseline" : "restricted";
}

bool pss_level_of(struct str name, enum pss_level *level)
{
    *level = str_is(name, "baseline") ? PSS_BASELINE : PSS_RESTRICTED;
    return str_is(name, pss_level_name(*level));
}
