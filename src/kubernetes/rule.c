/*
 * One entry a rule. Those that are checks of the Pod Security Standards say of which level; the
 * table in pss.c has the same ids.
 */
#include "kubernetes/rule.h"

const struct rule rules[] = {
    {.id = "compose",
     .summary = "what is left alone in a Compose file, and why",
     .why =
         "Services that share values by anchors in a way that does not allow an edit in one place "
         "only are not changed.",
     .refs = ""},
    {.id = "compose-capabilities",
     .summary = "Compose: cap_drop: ALL",
     .why = "A process that is not root has no capabilities, but setuid programs and root in the "
            "container get those of the bounding set. Dropped where the image is known to run as "
            "another user; what cap_add says stays.",
     .refs = ""},
    {.id = "compose-no-new-privileges",
     .summary = "Compose: security_opt: no-new-privileges:true",
     .why = "Setuid programs and file capabilities give nothing any more: sudo, su and ping stop "
            "working, and so does what would be gained by them.",
     .refs = ""},
    {.id = "compose-ports",
     .summary = "ports that moved in an image move in the services that run it",
     .why =
         "The container's side of ports, expose, the health check, Traefik's labels and the texts "
         "of other services that name the service with its port follow the port that the "
         "rewritten Dockerfile listens on. The host's side stays. All places move or none.",
     .refs = ""},
    {.id = "compose-read-only",
     .summary =
         "Compose: a root file system that is read-only, with tmpfs where the program writes",
     .why =
         "It keeps an intruder from leaving files. Every folder that the image is known to write "
         "to, and /tmp, gets a tmpfs unless something is mounted there.",
     .refs = ""},
    {.id = "compose-user",
     .summary = "Compose: the number that the image runs as",
     .why = "Said in the Compose file, it holds for whatever image is built or pulled under that "
            "name. The number is the image's own, never invented. A user: root is replaced on the "
            "assumption that the rewritten image needs it no more.",
     .refs = ""},
    {.id = "manifest",
     .summary = "what is left alone in a manifest, and why",
     .why =
         "Templates, patches of kustomize and objects that share values by anchors in a way that "
         "does not allow an edit in one place only are not changed. Nothing else is said of "
         "them.",
     .refs = ""},
    {.id = "namespace-labels",
     .summary = "ask the admission controller for the Pod Security Standards",
     .why = "The labels pod-security.kubernetes.io/enforce, audit and warn of a namespace make the "
            "API server refuse, log or complain about pods that violate a level. Levels are raised "
            "and never lowered. Written with --namespace-labels only.",
     .refs = ""},
    {.id = "pod-apparmor",
     .summary = "baseline: AppArmor's profile is not switched off",
     .why =
         "A container without a profile may do whatever its user may. RuntimeDefault is what the "
         "runtime applies by itself; Unconfined, by field or annotation, is forbidden.",
     .refs = "KSV-0002"},
    {.id = "pod-capabilities",
     .summary = "baseline, restricted: no capabilities but NET_BIND_SERVICE",
     .why = "A process that is not root has no capabilities, but setuid programs and root in the "
            "container get those of the bounding set. Restricted wants ALL to be dropped, spelled "
            "so, in every container; only NET_BIND_SERVICE may be added again.",
     .refs = "CKV_K8S_25 CKV_K8S_28 CKV_K8S_37 KSV-0003 KSV-0106"},
    {.id = "pod-host-namespaces",
     .summary = "baseline: no network, processes or IPC of the host",
     .why = "With hostNetwork, hostPID or hostIPC a pod sees what the node itself does, and may "
            "talk to it. Harmless only for agents of the node.",
     .refs = "CKV_K8S_17 CKV_K8S_18 CKV_K8S_19 KSV-0008 KSV-0009 KSV-0010"},
    {.id = "pod-host-ports",
     .summary = "baseline: no ports of the host",
     .why = "A hostPort listens on every node that the pod runs on, past Services and network "
            "policies.",
     .refs = "CKV_K8S_26 KSV-0024"},
    {.id = "pod-host-probes",
     .summary = "baseline: probes and hooks ask the pod, not another host",
     .why =
         "The kubelet sends them, from the node's network: a host in a probe or a lifecycle hook "
         "lets whoever writes the manifest send requests from there.",
     .refs = ""},
    {.id = "pod-ids",
     .summary = "the numbers of user and group that the image runs as",
     .why = "The kubelet never reads a passwd file: of an image whose user is a name it can't tell "
            "whether it is root. The numbers come from the image that the Dockerfile in the same "
            "tree makes, or from facts; they are never invented. fsGroup gives volumes to the same "
            "group.",
     .refs = "CKV_K8S_40 KSV-0020 KSV-0021"},
    {.id = "pod-non-root",
     .summary = "restricted: runAsNonRoot",
     .why = "With runAsNonRoot the kubelet refuses to start a container as root. It refuses, too, "
            "what it can't tell: an image whose user is a name. So it is written only where the "
            "number is known to be another than 0, else on the assumption that it is.",
     .refs = "CKV_K8S_6 CKV_K8S_23 KSV-0012"},
    {.id = "pod-ports",
     .summary = "ports that moved in an image move in its pods, Services and network policies",
     .why =
         "containerPort, probes, hooks, targetPort and network policies follow the port that the "
         "rewritten Dockerfile listens on. The port of the Service stays, and so do Ingresses "
         "and all who use it.",
     .refs = ""},
    {.id = "pod-privilege-escalation",
     .summary = "restricted: allowPrivilegeEscalation: false",
     .why = "It sets no_new_privs: setuid programs and file capabilities give nothing any more. "
            "Restricted wants it in every container. Not written next to privileged or SYS_ADMIN, "
            "because the API server does not take these together.",
     .refs = "CKV_K8S_20 KSV-0001"},
    {.id = "pod-privileged",
     .summary = "baseline: not privileged",
     .why =
         "A privileged container has all capabilities and devices, and no profile: it is root on "
         "the node.",
     .refs = "CKV_K8S_16 KSV-0017"},
    {.id = "pod-proc-mount",
     .summary = "baseline, restricted: /proc is masked",
     .why = "procMount: Unmasked shows a container what the runtime hides of /proc.",
     .refs = "KSV-0027"},
    {.id = "pod-read-only-root",
     .summary = "a root file system that is read-only, with volumes where the program writes",
     .why =
         "No check of the standards, but what keeps an intruder from leaving files. Set only where "
         "something is known of the image: each folder that it writes to gets an empty volume, "
         "/tmp too. A folder where the image has files of its own can't be covered by one.",
     .refs = "CKV_K8S_22 KSV-0014"},
    {.id = "pod-seccomp",
     .summary = "baseline, restricted: the runtime's seccomp profile",
     .why = "Unless a profile is set, Kubernetes runs containers without one, which Docker never "
            "did. RuntimeDefault forbids system calls that programs in containers have no use for.",
     .refs = "CKV_K8S_31 KSV-0030 KSV-0104"},
    {.id = "pod-selinux",
     .summary = "baseline: SELinux options of containers only",
     .why = "Only types of containers may be set; user and role may not.",
     .refs = "KSV-0025"},
    {.id = "pod-start",
     .summary = "what the kubelet will say when it starts a container",
     .why = "Under runAsNonRoot the kubelet looks at runAsUser and at the user of the image, just "
            "before the start; what it refuses stays in CreateContainerConfigError.",
     .refs = ""},
    {.id = "pod-sysctls",
     .summary = "baseline: safe sysctls only",
     .why = "Other sysctls are not confined to the pod, or may harm the node.",
     .refs = "KSV-0026"},
    {.id = "pod-token",
     .summary = "no token for the cluster's API in a pod that does not use it",
     .why = "Each container gets a token of its service account unless the pod says otherwise. "
            "Written on request only: what a program does with the API can't be seen from here.",
     .refs = "CKV_K8S_38 KSV-0036"},
    {.id = "pod-user",
     .summary = "restricted: runAsUser is not 0",
     .why =
         "runAsUser: 0 is root whatever the image says. It gives way to the number of the image's "
         "user where that is known.",
     .refs = "KSV-0105"},
    {.id = "pod-volumes",
     .summary = "baseline, restricted: no volumes of the host, nor of kinds for administrators",
     .why =
         "A hostPath gives a pod files of the node. Restricted takes configMap, csi, downwardAPI, "
         "emptyDir, ephemeral, image, persistentVolumeClaim, projected and secret; others belong "
         "behind a PersistentVolume.",
     .refs = "KSV-0023 KSV-0028"},
    {.id = "pod-windows-host-process",
     .summary = "baseline: no HostProcess containers on Windows",
     .why = "They are processes of the node.",
     .refs = "KSV-0103"},
};
const size_t rule_count = sizeof rules / sizeof *rules;

const struct rule *rule_find(struct str id)
{
    for (size_t i = 0; i < rule_count; i++)
        if (str_is(id, rules[i].id))
            return &rules[i];
    return NULL;
}
