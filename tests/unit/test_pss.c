/*
 * The Pod Security Standards, check by check, from their text: a row is what stands in a pod or in
 * its container, and which checks it violates. Each check has rows that pass and rows that fail,
 * for init and ephemeral containers too.
 */
#include "tests/support/unit.h"

#include "base/buf.h"
#include "kubernetes/pss.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* What a pod has without a row: all that restricted wants. */
#define GOOD_POD "runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}"
#define GOOD_CONTAINER "allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}"

struct row {
    const char *pod;                   /* in the pod spec */
    const char *pod_security;          /* in its securityContext; NULL: what is good */
    const char *container;             /* in the container */
    const char *security;              /* in its securityContext; NULL: what is good */
    const char *annotations;           /* of the pod */
    const char *baseline, *restricted; /* violated checks, blank-separated */
};

static void flow(struct buf *b, const char *text)
{
    if (text && *text)
        buf_addf(b, ", %s", text);
}

/* A pod with one container in one of the three places, and a good one beside it. */
static struct str pod_with(const struct row *r, const char *place)
{
    struct buf b = buf_in(&arena);
    bool main = strcmp(place, "containers") == 0;
    buf_addf(&b, "{apiVersion: v1, kind: Pod, metadata: {name: p, annotations: {%s}}, spec: {",
             r->annotations ? r->annotations : "");
    buf_addf(&b, "securityContext: {%s}", r->pod_security ? r->pod_security : GOOD_POD);
    flow(&b, r->pod);
    if (!main)
        buf_addz(&b,
                 ", containers: [{name: good, image: i, securityContext: "
                 "{runAsNonRoot: true, seccompProfile: {type: Localhost}, " GOOD_CONTAINER "}}]");
    buf_addf(&b, ", %s: [{name: c, image: i, securityContext: {%s}", place,
             r->security ? r->security : GOOD_CONTAINER);
    flow(&b, r->container);
    buf_addz(&b, "}]}}\n");
    return buf_str(&b);
}

static struct str violated(struct str yaml, enum pss_level level)
{
    struct buf b = buf_in(&arena);
    struct ytree *t = arena_new(&arena, struct ytree);
    if (!ytree_parse(t, &arena, yaml))
        fail_msg("%.*s: %s", STR_ARG(yaml), t->error.message);
    struct yedit *e = yedit_begin(&arena, yaml, t, 0);
    struct objects o = workload_read(e, (struct workload_paths){0});
    assert_int_equal(o.list.n, 1);
    assert_int_equal(o.list.v[0].pods.n, 1);
    pss_violations v = pss_evaluate(&arena, &o.list.v[0].pods.v[0], level);
    const char *last = "";
    for (size_t i = 0; i < v.n; i++) {
        assert_true(v.v[i].field.n && v.v[i].message.n);
        if (strcmp(last, v.v[i].check->id) != 0)
            buf_addf(&b, "%s%s", b.n ? " " : "", v.v[i].check->id);
        last = v.v[i].check->id;
    }
    return buf_str(&b);
}

static void check_rows(const struct row *rows, size_t n)
{
    static const char *const places[] = {"containers", "initContainers", "ephemeralContainers"};
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < 3; j++) {
            struct str yaml = pod_with(&rows[i], places[j]);
            EQ_STR(violated(yaml, PSS_BASELINE), str_of(rows[i].baseline), str_z(&arena, yaml));
            EQ_STR(violated(yaml, PSS_RESTRICTED), str_of(rows[i].restricted), str_z(&arena, yaml));
        }
}

#define CHECK(rows) check_rows(rows, sizeof(rows) / sizeof *(rows))
#define POD(text, base, rest)                                                                      \
    {                                                                                              \
        .pod = text, .baseline = base, .restricted = rest                                          \
    }
#define CONTAINER(text, base, rest)                                                                \
    {                                                                                              \
        .container = text, .baseline = base, .restricted = rest                                    \
    }
#define SECURITY(text, base, rest)                                                                 \
    {                                                                                              \
        .security = GOOD_CONTAINER ", " text, .baseline = base, .restricted = rest                 \
    }
#define POD_SECURITY(text, base, rest)                                                             \
    {                                                                                              \
        .pod_security = GOOD_POD ", " text, .baseline = base, .restricted = rest                   \
    }

static void nothing_is_wrong(void **state)
{
    (void)state;
    const struct row rows[] = {POD("", "", ""), POD("volumes: null, hostUsers: true", "", "")};
    CHECK(rows);
}

static void host_namespaces(void **state)
{
    (void)state;
    const struct row rows[] = {
        POD("hostNetwork: false, hostPID: null, hostIPC: off", "", ""),
        POD("hostNetwork: true", "hostNamespaces", "hostNamespaces"),
        POD("hostPID: true", "hostNamespaces", "hostNamespaces"),
        POD("hostIPC: yes", "hostNamespaces", "hostNamespaces"),
        POD("hostIPC: \"false\"", "hostNamespaces", "hostNamespaces"), /* no boolean */
    };
    CHECK(rows);
}

static void privileged(void **state)
{
    (void)state;
    const struct row rows[] = {
        SECURITY("privileged: false", "", ""),
        SECURITY("privileged: null", "", ""),
        SECURITY("privileged: true", "privileged", "privileged"),
    };
    CHECK(rows);
}

static void capabilities(void **state)
{
    (void)state;
    static const char *const ours[] = {"AUDIT_WRITE", "CHOWN",   "DAC_OVERRIDE", "FOWNER",
                                       "FSETID",      "KILL",    "MKNOD",        "SETFCAP",
                                       "SETGID",      "SETPCAP", "SETUID",       "SYS_CHROOT"};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        const char *text =
            str_fmt(&arena,
                    "allowPrivilegeEscalation: false, capabilities: {add: [%s], drop: [ALL]}",
                    ours[i])
                .p;
        struct row row = {
            .security = text, .baseline = "", .restricted = "capabilities_restricted"};
        check_rows(&row, 1);
    }
#define CAPS(text, base, rest)                                                                     \
    {                                                                                              \
        .security = "allowPrivilegeEscalation: false, capabilities: " text, .baseline = base,      \
        .restricted = rest                                                                         \
    }
    const struct row rows[] = {
        CAPS("{add: [NET_BIND_SERVICE], drop: [ALL]}", "", ""),
        CAPS("{add: [], drop: [KILL, ALL]}", "", ""),
        CAPS("{drop: [all]}", "", "capabilities_restricted"),
        CAPS("{drop: [NET_RAW]}", "", "capabilities_restricted"),
        CAPS("{drop: []}", "", "capabilities_restricted"),
        CAPS("null", "", "capabilities_restricted"),
        CAPS("{drop: [ALL], add: [NET_RAW]}", "capabilities_baseline", "capabilities_restricted"),
        CAPS("{drop: [ALL], add: [ALL]}", "capabilities_baseline", "capabilities_restricted"),
        CAPS("{drop: [ALL], add: [CAP_CHOWN]}", "capabilities_baseline", "capabilities_restricted"),
        CAPS("{drop: [ALL], add: [net_bind_service]}", "capabilities_baseline",
             "capabilities_restricted"),
        CAPS("{drop: [ALL], add: [1]}", "capabilities_baseline", "capabilities_restricted"),
    };
    CHECK(rows);
}

static void volumes(void **state)
{
    (void)state;
    static const char *const good[] = {"configMap", "csi",   "downwardAPI",           "emptyDir",
                                       "ephemeral", "image", "persistentVolumeClaim", "projected",
                                       "secret"};
    static const char *const bad[] = {"awsElasticBlockStore",
                                      "azureDisk",
                                      "azureFile",
                                      "cephfs",
                                      "cinder",
                                      "fc",
                                      "flexVolume",
                                      "flocker",
                                      "gitRepo",
                                      "glusterfs",
                                      "gcePersistentDisk",
                                      "iscsi",
                                      "nfs",
                                      "photonPersistentDisk",
                                      "portworxVolume",
                                      "quobyte",
                                      "rbd",
                                      "scaleIO",
                                      "storageos",
                                      "vsphereVolume"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        const char *text = str_fmt(&arena, "volumes: [{name: v, %s: {}}]", good[i]).p;
        struct row row = POD(text, "", "");
        check_rows(&row, 1);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *text = str_fmt(&arena, "volumes: [{name: v, %s: {}}]", bad[i]).p;
        struct row row = POD(text, "", "restrictedVolumes");
        check_rows(&row, 1);
    }
    const struct row rows[] = {
        POD("volumes: [{name: v}]", "", ""),
        POD("volumes: [{name: v, nfs: null}]", "", ""),
        POD("volumes: []", "", ""),
        POD("volumes: [{name: v, hostPath: {path: /}}]", "hostPathVolumes", "restrictedVolumes"),
        POD("volumes: [{name: a, emptyDir: {}}, {hostPath: {path: /}, name: v}]", "hostPathVolumes",
            "restrictedVolumes"),
    };
    CHECK(rows);
}

static void host_ports(void **state)
{
    (void)state;
    const struct row rows[] = {
        CONTAINER("ports: [{containerPort: 80}, {containerPort: 81, hostPort: 0}]", "", ""),
        CONTAINER("ports: [{containerPort: 80, hostPort: 80}]", "hostPorts", "hostPorts"),
        CONTAINER("ports: [{containerPort: 80}, {containerPort: 81, hostPort: 8081}]", "hostPorts",
                  "hostPorts"),
        {.pod = "hostNetwork: true",
         .container = "ports: [{containerPort: 80}]",
         .baseline = "hostNamespaces hostPorts",
         .restricted = "hostNamespaces hostPorts"},
    };
    CHECK(rows);
}

static void host_probes(void **state)
{
    (void)state;
    static const char *const places[] = {"livenessProbe: {%s: {host: \"%s\", port: 80}}",
                                         "readinessProbe: {%s: {host: \"%s\", port: 80}}",
                                         "startupProbe: {%s: {host: \"%s\", port: 80}}",
                                         "lifecycle: {postStart: {%s: {host: \"%s\", port: 80}}}",
                                         "lifecycle: {preStop: {%s: {host: \"%s\", port: 80}}}"};
    static const char *const actions[] = {"httpGet", "tcpSocket"};
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < 2; j++) {
            char good[200], bad[200];
            snprintf(good, sizeof good, places[i], actions[j], "");
            snprintf(bad, sizeof bad, places[i], actions[j], "127.0.0.1");
            const struct row rows[] = {
                CONTAINER(good, "", ""),
                CONTAINER(bad, "hostProbesAndHostLifecycle", "hostProbesAndHostLifecycle")};
            CHECK(rows);
        }
    const struct row rows[] = {
        CONTAINER("livenessProbe: {grpc: {port: 80}}", "", ""),
        CONTAINER("livenessProbe: {exec: {command: [true]}}", "", ""),
    };
    CHECK(rows);
}

static void app_armor(void **state)
{
    (void)state;
#define ANNOTATION(text, base, rest)                                                               \
    {                                                                                              \
        .annotations = text, .baseline = base, .restricted = rest                                  \
    }
#define KEY "container.apparmor.security.beta.kubernetes.io/c: "
    const struct row rows[] = {
        POD_SECURITY("appArmorProfile: {type: RuntimeDefault}", "", ""),
        POD_SECURITY("appArmorProfile: {type: Localhost, localhostProfile: x}", "", ""),
        POD_SECURITY("appArmorProfile: {type: Unconfined}", "appArmorProfile", "appArmorProfile"),
        SECURITY("appArmorProfile: {type: RuntimeDefault}", "", ""),
        SECURITY("appArmorProfile: {type: runtimedefault}", "appArmorProfile", "appArmorProfile"),
        ANNOTATION(KEY "runtime/default", "", ""),
        ANNOTATION(KEY "localhost/x", "", ""),
        ANNOTATION(KEY "\"\"", "", ""),
        ANNOTATION(KEY "unconfined", "appArmorProfile", "appArmorProfile"),
        ANNOTATION("other/c: unconfined", "", ""),
    };
    CHECK(rows);
}

static void selinux(void **state)
{
    (void)state;
    static const char *const types[] = {"\"\"", "container_t", "container_init_t",
                                        "container_kvm_t", "container_engine_t"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        const char *text = str_fmt(&arena, "seLinuxOptions: {type: %s}", types[i]).p;
        const char *pod = str_fmt(&arena, GOOD_POD ", %s", text).p;
        const char *container = str_fmt(&arena, GOOD_CONTAINER ", %s", text).p;
        struct row row = {
            .pod_security = pod, .security = container, .baseline = "", .restricted = ""};
        check_rows(&row, 1);
    }
    const struct row rows[] = {
        POD_SECURITY("seLinuxOptions: {level: s0}", "", ""),
        POD_SECURITY("seLinuxOptions: {user: \"\", role: \"\"}", "", ""),
        POD_SECURITY("seLinuxOptions: {type: spc_t}", "seLinuxOptions", "seLinuxOptions"),
        POD_SECURITY("seLinuxOptions: {user: u}", "seLinuxOptions", "seLinuxOptions"),
        SECURITY("seLinuxOptions: {role: r}", "seLinuxOptions", "seLinuxOptions"),
        SECURITY("seLinuxOptions: {type: container_logreader_t}", "seLinuxOptions",
                 "seLinuxOptions"),
    };
    CHECK(rows);
}

static void proc_mount(void **state)
{
    (void)state;
    const struct row rows[] = {
        SECURITY("procMount: Default", "", ""),
        SECURITY("procMount: Unmasked", "procMount", "procMount_restricted"),
        {.pod = "hostUsers: false",
         .security = GOOD_CONTAINER ", procMount: Unmasked",
         .baseline = "",
         .restricted = "procMount_restricted"},
        {.pod = "hostUsers: true",
         .security = GOOD_CONTAINER ", procMount: Unmasked",
         .baseline = "procMount",
         .restricted = "procMount_restricted"},
    };
    CHECK(rows);
}

static void seccomp(void **state)
{
    (void)state;
#define PROFILES(pod_text, text, base, rest)                                                       \
    {                                                                                              \
        .pod_security = "runAsNonRoot: true" pod_text, .security = GOOD_CONTAINER text,            \
        .baseline = base, .restricted = rest                                                       \
    }
    const struct row rows[] = {
        PROFILES("", "", "", "seccompProfile_restricted"),
        PROFILES("", ", seccompProfile: {}", "", "seccompProfile_restricted"),
        PROFILES("", ", seccompProfile: {type: RuntimeDefault}", "", ""),
        PROFILES("", ", seccompProfile: {type: Localhost, localhostProfile: x}", "", ""),
        PROFILES(", seccompProfile: {type: Localhost, localhostProfile: x}", "", "", ""),
        PROFILES(", seccompProfile: {type: RuntimeDefault}", ", seccompProfile: {type: Unconfined}",
                 "seccompProfile_baseline", "seccompProfile_restricted"),
        PROFILES(", seccompProfile: {type: Unconfined}", ", seccompProfile: {type: RuntimeDefault}",
                 "seccompProfile_baseline", "seccompProfile_restricted"),
    };
    CHECK(rows);
}

static void sysctls(void **state)
{
    (void)state;
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
                                       "net.ipv4.tcp_notsent_lowat"};
    for (size_t i = 0; i < sizeof safe / sizeof *safe; i++) {
        struct row row = {
            .pod_security =
                str_fmt(&arena, GOOD_POD ", sysctls: [{name: %s, value: x}]", safe[i]).p,
            .baseline = "",
            .restricted = ""};
        check_rows(&row, 1);
    }
    const struct row rows[] = {
        POD_SECURITY("sysctls: []", "", ""),
        POD_SECURITY("sysctls: [{name: net.core.somaxconn, value: x}]", "sysctls", "sysctls"),
        POD_SECURITY("sysctls: [{name: kernel.msgmax, value: x}]", "sysctls", "sysctls"),
        POD_SECURITY("sysctls: [{name: net.ipv4.tcp_syncookies}, {value: x}]", "sysctls",
                     "sysctls"),
    };
    CHECK(rows);
}

static void windows_host_process(void **state)
{
    (void)state;
    const struct row rows[] = {
        POD_SECURITY("windowsOptions: {hostProcess: false}", "", ""),
        POD_SECURITY("windowsOptions: {hostProcess: true}", "windowsHostProcess",
                     "windowsHostProcess"),
        SECURITY("windowsOptions: {runAsUserName: x}", "", ""),
        SECURITY("windowsOptions: {hostProcess: true}", "windowsHostProcess", "windowsHostProcess"),
    };
    CHECK(rows);
}

static void privilege_escalation(void **state)
{
    (void)state;
#define ESCALATION(text, base, rest)                                                               \
    {                                                                                              \
        .security = "capabilities: {drop: [ALL]}" text, .baseline = base, .restricted = rest       \
    }
    const struct row rows[] = {
        ESCALATION("", "", "allowPrivilegeEscalation"),
        ESCALATION(", allowPrivilegeEscalation: null", "", "allowPrivilegeEscalation"),
        ESCALATION(", allowPrivilegeEscalation: true", "", "allowPrivilegeEscalation"),
        ESCALATION(", allowPrivilegeEscalation: \"false\"", "", "allowPrivilegeEscalation"),
        ESCALATION(", allowPrivilegeEscalation: false", "", ""),
    };
    CHECK(rows);
}

static void run_as_non_root(void **state)
{
    (void)state;
#define NON_ROOT(pod_text, text, base, rest)                                                       \
    {                                                                                              \
        .pod_security = "seccompProfile: {type: RuntimeDefault}" pod_text,                         \
        .security = GOOD_CONTAINER text, .baseline = base, .restricted = rest                      \
    }
    const struct row rows[] = {
        NON_ROOT("", "", "", "runAsNonRoot"),
        NON_ROOT(", runAsNonRoot: true", "", "", ""),
        NON_ROOT("", ", runAsNonRoot: true", "", ""),
        NON_ROOT(", runAsNonRoot: null", ", runAsNonRoot: true", "", ""),
        NON_ROOT(", runAsNonRoot: true", ", runAsNonRoot: false", "", "runAsNonRoot"),
        NON_ROOT(", runAsNonRoot: false", ", runAsNonRoot: true", "", "runAsNonRoot"),
        NON_ROOT(", runAsNonRoot: false", "", "", "runAsNonRoot"),
        {.pod = "hostUsers: false",
         .pod_security = "runAsNonRoot: false, seccompProfile: {type: RuntimeDefault}",
         .baseline = "",
         .restricted = ""},
    };
    CHECK(rows);
}

static void run_as_user(void **state)
{
    (void)state;
    const struct row rows[] = {
        POD_SECURITY("runAsUser: 1000", "", ""),
        POD_SECURITY("runAsUser: 0", "", "runAsUser"),
        POD_SECURITY("runAsUser: 0x0", "", "runAsUser"),
        POD_SECURITY("runAsUser: \"1000\"", "", "runAsUser"), /* no number */
        POD_SECURITY("runAsGroup: 0, fsGroup: 0, supplementalGroups: [0]", "", ""),
        SECURITY("runAsUser: 1", "", ""),
        SECURITY("runAsUser: 0", "", "runAsUser"),
        SECURITY("runAsUser: null", "", ""),
        {.pod = "hostUsers: false",
         .security = GOOD_CONTAINER ", runAsUser: 0",
         .baseline = "",
         .restricted = ""},
    };
    CHECK(rows);
}

/* On Windows three checks do not apply; runAsNonRoot does. */
static void windows(void **state)
{
    (void)state;
    const struct row rows[] = {
        {.pod = "os: {name: windows}",
         .pod_security = "runAsNonRoot: true",
         .security = "",
         .baseline = "",
         .restricted = ""},
        {.pod = "os: {name: windows}",
         .pod_security = "",
         .security = "",
         .baseline = "",
         .restricted = "runAsNonRoot"},
        {.pod = "os: {name: linux}",
         .pod_security = "runAsNonRoot: true",
         .security = "",
         .baseline = "",
         .restricted = "allowPrivilegeEscalation capabilities_restricted "
                       "seccompProfile_restricted"},
        {.pod = "nodeSelector: {kubernetes.io/os: windows}",
         .pod_security = "runAsNonRoot: true",
         .security = "",
         .baseline = "",
         .restricted = "allowPrivilegeEscalation capabilities_restricted "
                       "seccompProfile_restricted"},
    };
    CHECK(rows);
}

/* Fields and lines, as they are shown. */
static void says_where(void **state)
{
    (void)state;
    struct str yaml = STR("apiVersion: v1\nkind: Pod\nspec:\n  hostPID: true\n  containers:\n"
                          "  - name: c\n    image: i\n    securityContext:\n      capabilities:\n"
                          "        add:\n        - CHOWN\n        - NET_RAW\n");
    struct ytree t;
    assert_true(ytree_parse(&t, &arena, yaml));
    struct objects o = workload_read(yedit_begin(&arena, yaml, &t, 0), (struct workload_paths){0});
    pss_violations v = pss_evaluate(&arena, &o.list.v[0].pods.v[0], PSS_BASELINE);
    assert_int_equal(v.n, 2);
    EQ_STR(v.v[0].field, STR("spec.containers[0].securityContext.capabilities.add[1]"), "");
    assert_int_equal(yplace_line(v.v[0].at), 12);
    EQ_STR(v.v[1].field, STR("spec.hostPID"), "");
    assert_int_equal(yplace_line(v.v[1].at), 4);
}

/* Every check of the table is violated by some row above: none is there for show. */
static void table_is_whole(void **state)
{
    (void)state;
    assert_int_equal(pss_check_count, 19);
    for (size_t i = 0; i < pss_check_count; i++) {
        assert_non_null(pss_checks[i].run);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(pss_checks[i].id, pss_checks[j].id);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_wrong),
        cmocka_unit_test(host_namespaces),
        cmocka_unit_test(privileged),
        cmocka_unit_test(capabilities),
        cmocka_unit_test(volumes),
        cmocka_unit_test(host_ports),
        cmocka_unit_test(host_probes),
        cmocka_unit_test(app_armor),
        cmocka_unit_test(selinux),
        cmocka_unit_test(proc_mount),
        cmocka_unit_test(seccomp),
        cmocka_unit_test(sysctls),
        cmocka_unit_test(windows_host_process),
        cmocka_unit_test(privilege_escalation),
        cmocka_unit_test(run_as_non_root),
        cmocka_unit_test(run_as_user),
        cmocka_unit_test(windows),
        cmocka_unit_test(says_where),
        cmocka_unit_test(table_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
