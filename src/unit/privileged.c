/*
 * Things that an image has because its program works with privileges: packages, and the Docker
 * client, which is nothing without the socket of root.
 */
#include "unit/obstacle.h"

/* clang-format off */
static const char *const packages[] = {
    "iptables", "nftables", "ebtables", "ipset", "conntrack", "conntrack-tools", "ipvsadm",
    "tcpdump", "tshark", "wireguard-tools", "openvpn", "strongswan", "keepalived", "fuse",
    "fuse3", "sshfs", "s3fs", "s3fs-fuse", "nfs-common", "nfs-utils", "nfs-kernel-server",
    "cifs-utils", "davfs2", "glusterfs-client", "docker", "docker-cli", "docker.io", "docker-ce",
    "docker-ce-cli", "docker-engine", "lxc-docker", "docker-compose", "moby-engine", "moby-cli",
    "podman", "buildah", "containerd", "containerd.io", "runc", "lvm2", "kmod", "lxc",
    "libvirt-daemon", "qemu-kvm", "bridge-utils", "dnsmasq", "hostapd", "squashfuse",
    "smartmontools", "ipmitool", "ethtool", "bcc-tools", "bpftrace", "sysstat", "dmidecode",
    "parted", "cryptsetup", "libcap-ng-utils", "arpwatch", "arp-scan", "nmap", "masscan",
    "ceph-common", "xfsprogs", NULL
};
/* clang-format on */

/* Is the word of an install command this package, with or without a version? docker-ce=5:20.10,
 * docker-ce-18.06, docker-cli>20, iptables/stable, ./docker-ce_18.06_amd64.deb */
static bool is_package(struct str word, const char *name)
{
    struct str base = str_basename(word);
    if (str_ends(base, STR(".deb")) || str_ends(base, STR(".rpm")))
        word = base;
    if (!str_starts(word, str_of(name)))
        return false;
    struct str rest = str_from(word, strlen(name));
    if (rest.n > 1 && rest.p[0] == '-')
        return rest.p[1] >= '0' && rest.p[1] <= '9';
    return !rest.n || strchr("=<>~:@/_", rest.p[0]);
}

static void survey_packages(struct obstacles *o, const struct stage_step *step,
                            const struct run_effect *e)
{
    VEC_EACH (w, &e->operands)
        for (const char *const *n = packages; *n; n++)
            if (is_package(w->value, *n))
                obstacle_review(
                    o, "needs-capability", step->item,
                    str_fmt(o->unit->arena, "the program does not use '%s' with privileges", *n),
                    "installs '%s', which is mostly used with privileges", *n);
}

/* Where the client is downloaded from: the install script, the archives, Compose. The package
 * repository of the same host is added for the sake of packages, which are seen by their names. */
static bool fetches_docker(struct str text)
{
    static const char *const places[] = {"://get.docker.com",        "://test.docker.com",
                                         "docker.com/linux/static",  "/builds/Linux/x86_64/docker",
                                         "docker/compose/releases/", NULL};
    for (const char *const *p = places; *p; p++)
        if (str_has(text, *p))
            return true;
    return false;
}

/* COPY --from=docker:27-cli /usr/local/bin/docker /usr/local/bin/ */
static bool copies_docker(const struct stage_step *step)
{
    struct str dest = step->dest.known ? step->dest.path : STR("");
    bool bin = str_ends(dest, STR("/bin")) || str_ends(dest, STR("/bin/docker"));
    VEC_EACH (src, &step->sources)
        if (!step->from_context &&
            (str_ends(*src, STR("bin/docker")) || (bin && str_is(str_basename(*src), "docker"))))
            return true;
    return false;
}

/* LABEL RUN="docker run --privileged …", org.mobyproject.config='{"capabilities": […]}': how the
 * author wants it to be started. */
static void survey_labels(struct obstacles *o, const struct stage *s)
{
    static const char *const marks[] = {"CAP_", "--privileged", "--cap-add", "docker.sock", NULL};
    for (const struct df_item *it = df_next(s->from); it && it != s->end; it = df_next(it))
        for (size_t i = 0; it->node.cmd == DF_LABEL && i < it->node.args.n; i++)
            for (const char *const *m = marks; *m; m++)
                if (str_has(it->node.args.v[i], *m))
                    obstacle_review(
                        o, "needs-capability", it,
                        STR("it does its work without the privileges that its label asks for"),
                        "says in a label that it is started with privileges ('%s')", *m);
}

static void has_docker(struct obstacles *o, const struct stage_step *step)
{
    obstacle_review(o, "needs-capability", step->item,
                    STR("the program does not talk to the Docker socket"),
                    "brings the Docker client, which needs the socket of root");
}

void privileged_survey(struct obstacles *o)
{
    for (struct stage *s = o->stage; s; s = s->parent) {
        survey_labels(o, s);
        VEC_EACH (step, &s->steps) {
            const struct run_effects *run = stage_run(o->unit->graph, step);
            for (size_t i = 0; run && i < run->effects.n; i++)
                if (run->effects.v[i].kind == RUN_PACKAGES)
                    survey_packages(o, step, &run->effects.v[i]);
            if ((run && fetches_docker(run->script.text)) || copies_docker(step))
                has_docker(o, step);
        }
    }
}
