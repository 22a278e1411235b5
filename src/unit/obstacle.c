/*
 * Looks for each obstacle in turn: the base image, what starts, ports, volumes, root's home, file
 * modes. The order is the order in which a person would want to hear of them.
 */
#include "unit/obstacle.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"
#include "unit/account.h"
#include "unit/owned.h"

/* ---- the list ------------------------------------------------------------------------------- */

static void add(struct obstacles *o, bool refuse, const char *reason, const struct df_item *at,
                struct str assumption, const char *fmt, va_list ap)
{
    char text[600];
    vsnprintf(text, sizeof text, fmt, ap);
    const char *kept = assumption.n ? utf8_safe(o->unit->arena, assumption, 400).p : NULL;
    VEC_EACH(old, &o->v)
        if (str_is(str_of(old->reason), reason) && old->refuse == refuse &&
            (!kept || str_is(str_of(old->assumption), kept)))
            return;
    *vec_push(o->unit->arena, &o->v) = (struct obstacle){
        refuse, reason, at, utf8_safe(o->unit->arena, str_of(text), 0).p, kept};
}

void obstacle_refuse(struct obstacles *o, const char *reason, const struct df_item *at,
                     const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    add(o, true, reason, at, STR(""), fmt, ap);
    va_end(ap);
}

void obstacle_review(struct obstacles *o, const char *reason, const struct df_item *at,
                     struct str assumption, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    add(o, false, reason, at, assumption, fmt, ap);
    va_end(ap);
}

const struct obstacle *obstacle_deciding(const struct obstacles *o)
{
    VEC_EACH(it, &o->v)
        if (it->refuse)
            return it;
    return o->v.n ? o->v.v : NULL;
}

static const char *safe(struct obstacles *o, struct str s)
{
    return utf8_safe(o->unit->arena, s, 120).p;
}

/* ---- the base image ------------------------------------------------------------------------- */

static bool is_windows(const struct obstacles *o)
{
    const struct stage *s = o->stage;
    if (s->config.windows || o->unit->list->escape == '`')
        return true;
    return s->shell.n && (str_has(s->shell.v[0], "powershell") || str_is(s->shell.v[0], "cmd") ||
                          str_has(s->shell.v[0], "pwsh"));
}

/* Nothing can be written behind a line that is still continued where the file ends. */
static void survey_end(struct obstacles *o)
{
    for (struct df_item *it = df_next(o->stage->from); it && it != o->stage->end; it = df_next(it))
        if (it->open)
            obstacle_refuse(o, "unfinished-line", it, "ends in a line that is continued, but nothing follows");
}

static void survey_base(struct obstacles *o)
{
    struct stage *s = o->stage, *root = stage_root(s);
    struct arena *a = o->unit->arena;
    if (is_windows(o))
        obstacle_refuse(o, "windows", s->from, "is a Windows image: users have no numbers there");
    if (root->base_kind == STAGE_ON_UNKNOWN && !root->base.unknown && !root->base.unset && !root->base.error)
        obstacle_refuse(o, "invalid-base", root->from, "builds on '%s', which is no image name",
                        safe(o, root->base.text));
    else if (root->base_kind == STAGE_ON_UNKNOWN)
        obstacle_refuse(o, "variable-base", root->from,
                        "builds on '%s', which is only known when it is built",
                        root->from->node.args.n ? safe(o, root->from->node.args.v[0]) : "");
    else if (!unit_facts(o->unit, s))
        obstacle_review(o, "unknown-base-user", root->from,
                        str_fmt(a, "base image '%.*s' runs as root, has a shell and the usual tools, "
                                   "and its own entrypoint needs no root", STR_ARG(root->image.text)),
                        "builds on '%s', of which nothing is known", safe(o, root->image.text));
    for (struct stage *p = s; p; p = p->parent)
        if (p->onbuild && p == s)
            obstacle_refuse(o, "base-image-for-others", s->from,
                            "has ONBUILD instructions: other images build on it and expect root");
    if (root->config.onbuild)
        obstacle_refuse(o, "base-image-for-others", root->from,
                        "builds on an image with ONBUILD instructions, which are not seen here");
}

/* ---- ports and volumes ---------------------------------------------------------------------- */

static void survey_ports(struct obstacles *o)
{
    VEC_EACH(p, &o->stage->ports) {
        if (p->from == 22 && p->item)
            obstacle_review(o, "needs-capability", p->item, STR("nothing in it logs users in over ssh"),
                            "exposes port 22");
        else if (p->from < 1024 && (p->item || o->base_process))
            obstacle_review(o, "privileged-port", p->item,
                            STR("whatever runs the container lets a non-root user listen below 1024"),
                            "listens on port %u", p->from);
    }
}

static void survey_volumes(struct obstacles *o)
{
    VEC_EACH(v, &o->stage->volumes) {
        if (v->path.n && stage_inside(v->path, STR("/var/run/docker.sock")))
            obstacle_refuse(o, "needs-capability", v->item, "wants the Docker socket");
        else if (!v->item)
            continue; /* the image's own: its user owns it */
        else if (!v->path.n)
            obstacle_refuse(o, "data-volume", v->item, "has a VOLUME whose path is not known");
        else
            obstacle_review(o, "data-volume", v->item,
                            str_fmt(o->unit->arena,
                                    "data that is in '%.*s' already is given to the new user once "
                                    "(chown, or fsGroup in Kubernetes)", STR_ARG(v->path)),
                            "keeps data in the volume '%s'", safe(o, v->path));
    }
}

/* ---- root's home ---------------------------------------------------------------------------- */

static const struct str root_dir = {"/root", 5};

static bool mentions_root(struct str s)
{
    for (ptrdiff_t at; (at = str_find(s, root_dir)) >= 0; s = str_from(s, (size_t)at + root_dir.n)) {
        char before = at ? s.p[at - 1] : ' ';
        char after = (size_t)at + root_dir.n < s.n ? s.p[(size_t)at + root_dir.n] : ' ';
        bool starts = before == ' ' || before == '=' || before == ':' || before == '"' ||
                      before == '\'' || before == '\t' || before == '>';
        bool ends = !((after | 0x20) >= 'a' && (after | 0x20) <= 'z') && after != '_' && after != '-';
        if (starts && ends)
            return true;
    }
    return false;
}

/* Variables that matter only while building. */
static bool is_build_only(struct str name)
{
    static const char *const names[] = {"DEBIAN_FRONTEND", "BUILD", NULL};
    for (const char *const *n = names; *n; n++)
        if (str_is(name, *n))
            return true;
    return false;
}

static void root_home_env(struct obstacles *o, const struct stage_step *step)
{
    const struct df_node *node = &step->item->node;
    for (size_t i = 0; i + 2 < node->args.n; i += 3)
        if (mentions_root(node->args.v[i + 1]) && !is_build_only(node->args.v[i]))
            obstacle_refuse(o, "root-home", step->item, "sets %s to a path in /root, which only root may enter",
                            safe(o, node->args.v[i]));
}

/* Installers that put what they install into the home of whoever runs them. */
static bool installs_into_home(struct str text)
{
    static const char *const marks[] = {"pip install --user", "pip3 install --user", "nvm install",
                                        "rustup", "pyenv install", "get-poetry", "install-poetry",
                                        "install.python-poetry.org", "sdkman", "get.sdkman.io",
                                        "rbenv install", "bun.sh/install", "deno.land/install",
                                        "astral.sh/uv/install", "get.rvm.io", "conda-init", "ghcup",
                                        "get.haskellstack", "sh.rustup.rs", "cargo install",
                                        "stack install", "cabal install", "fnm install", "playwright install",
                                        "puppeteer", "nltk.download", "spacy download", NULL};
    for (const char *const *m = marks; *m; m++)
        if (str_has(text, *m))
            return true;
    return str_has(text, "~/") || str_has(text, "$HOME/") || str_has(text, "${HOME}/");
}

static bool only_cleans(struct str text)
{
    return str_has(text, "rm -rf /root/") || str_has(text, "rm -fr /root/") || str_has(text, "rm -r /root/");
}

static void root_home_run(struct obstacles *o, const struct stage_step *step)
{
    struct str text = step->item->node.json ? step->item->node.rest
                                            : stage_script(o->unit->arena, &step->item->node);
    bool mentions = mentions_root(text) && !only_cleans(text);
    if (mentions || installs_into_home(text))
        obstacle_review(o, "root-home", step->item,
                        STR("nothing that this step puts into root's home is used when the container runs"),
                        "%s", mentions ? "uses /root in a RUN step"
                                       : "installs into root's home in a RUN step");
}

static void survey_root_home(struct obstacles *o)
{
    struct stage *s = o->stage;
    if (s->workdir.known && stage_inside(s->workdir.path, root_dir))
        obstacle_refuse(o, "root-home", s->cmd.item ? s->cmd.item : s->from,
                        "runs in '%s', which only root may enter", safe(o, s->workdir.path));
    for (struct stage *p = s; p; p = p->parent) {
        VEC_EACH(step, &p->steps) {
            enum df_cmd cmd = step->item->node.cmd;
            if (cmd == DF_ENV)
                root_home_env(o, step);
            else if (cmd == DF_RUN && !account_is_numeric_nonroot(step->user))
                root_home_run(o, step);
            else if ((cmd == DF_COPY || cmd == DF_ADD) && step->dest.known &&
                     stage_inside(step->dest.path, root_dir))
                obstacle_refuse(o, "root-home", step->item, "puts files into '%s', which only root may enter",
                                safe(o, step->dest.path));
        }
    }
}

/* ---- modes and owners ----------------------------------------------------------------------- */

/* Does the mode shut out everybody but the owner and the group? */
static bool shuts_out(struct str mode)
{
    uint64_t ignored;
    if (str_to_u64(mode, 99999, &ignored))
        return mode.n && (mode.p[mode.n - 1] == '0' || mode.n < 3);
    return str_has(mode, "go-rwx") || str_has(mode, "o-rwx") || str_has(mode, "go=") ||
           str_is(mode, "go-r") || str_is(mode, "o-r") || str_is(mode, "og-rwx");
}

static bool matters_at_run_time(struct str path)
{
    static const char *const dirs[] = {"/root", "/tmp", "/etc/ssh", "/var/run/sshd", "/etc/sudoers.d",
                                       "/etc/sudoers", "/var/tmp", "/etc/cron.d", "/var/run/postgresql",
                                       "/etc/shadow", "/etc/crontab", NULL};
    for (const char *const *d = dirs; *d; d++)
        if (path.n && stage_inside(path, str_of(*d)))
            return false;
    return true;
}

static void private_files(struct obstacles *o, const struct stage_step *step, const struct run_effect *e)
{
    VEC_EACH(w, &e->operands)
        if (matters_at_run_time(w->value) && !str_has(w->value, ".ssh"))
            obstacle_review(o, "private-files", step->item,
                            str_fmt(o->unit->arena, "'%s' is not used when the container runs",
                                    safe(o, w->value)),
                            "lets only root read '%s'", safe(o, w->value));
}

/* Packages that are there to be used with privileges. */
static void privileged_packages(struct obstacles *o, const struct stage_step *step, const struct run_effect *e)
{
    static const char *const names[] = {
        "iptables", "nftables", "ebtables", "ipset", "conntrack", "conntrack-tools", "ipvsadm", "tcpdump",
        "tshark", "wireguard-tools", "openvpn", "strongswan", "keepalived", "fuse", "fuse3", "sshfs", "s3fs",
        "s3fs-fuse", "nfs-common", "nfs-utils", "nfs-kernel-server", "cifs-utils", "davfs2", "glusterfs-client",
        "docker", "docker-cli", "docker.io", "docker-ce", "docker-ce-cli", "docker-engine", "containerd", "runc",
        "lvm2", "kmod", "lxc", "libvirt-daemon", "qemu-kvm", "bridge-utils", "dnsmasq", "hostapd", "squashfuse",
        "smartmontools", "ipmitool", "ethtool", "bcc-tools", "bpftrace", "sysstat", "dmidecode", "parted",
        "cryptsetup", "libcap-ng-utils", "arpwatch", "arp-scan", "nmap", "masscan", "ceph-common", "xfsprogs", NULL};
    VEC_EACH(w, &e->operands)
        for (const char *const *n = names; *n; n++)
            if (str_is(w->value, *n))
                obstacle_review(o, "needs-capability", step->item,
                                str_fmt(o->unit->arena, "the program does not use '%s' with privileges", *n),
                                "installs '%s', which is mostly used with privileges", *n);
}

/* The author's own idea of who the files belong to. */
static void other_owner(struct obstacles *o, const struct stage_step *step, const struct run_effect *e)
{
    if (!e->name.n || str_is(e->name, "root") || str_is(e->name, "0") || str_chr(e->name, '$') >= 0)
        return;
    *vec_push(o->unit->arena, &o->owners) = (struct obstacle_owner){e->name, step->item};
}

static void survey_files(struct obstacles *o)
{
    for (struct stage *p = o->stage; p; p = p->parent) {
        VEC_EACH(step, &p->steps) {
            const struct run_effects *run = stage_run(o->unit->graph, step);
            if (!run)
                continue;
            VEC_EACH(e, &run->effects) {
                if (e->kind == RUN_PACKAGES)
                    privileged_packages(o, step, e);
                else if (e->kind == RUN_CHMOD && shuts_out(e->text))
                    private_files(o, step, e);
                else if (e->kind == RUN_CHOWN)
                    other_owner(o, step, e);
                else if (e->kind == RUN_UMASK && shuts_out(str_is(e->text, "077") ? STR("700") : STR("755")))
                    obstacle_review(o, "private-files", step->item,
                                    STR("what this step makes is not used when the container runs"),
                                    "makes files that only root may read (umask 077)");
            }
        }
    }
}

/* ADD of a URL makes files of mode 0600. */
static void survey_downloads(struct obstacles *o)
{
    struct str value;
    VEC_EACH(step, &o->stage->steps) {
        const struct df_node *node = &step->item->node;
        if (node->cmd != DF_ADD || !step->sources.n || !str_has(step->sources.v[0], "://") ||
            str_ends(step->sources.v[0], STR(".git")) || df_flag_get(node, "chmod", &value))
            continue;
        if (step->dest.known && (owned_is_app_path(step->dest.path) || stage_inside(step->dest.path, STR("/tmp"))))
            continue;
        obstacle_review(o, "private-files", step->item,
                        STR("a later step makes the downloaded file readable, or nobody reads it when the "
                            "container runs"),
                        "makes a file that only root may read, by ADD of a URL");
    }
}

/* ---- the author's intention ----------------------------------------------------------------- */

/* USER root with nothing behind it that would need root: it was meant. */
static void survey_intention(struct obstacles *o)
{
    struct df_item *user = o->stage->user_item;
    if (!user || o->stage->user_stage != o->stage)
        return;
    for (struct df_item *it = df_next(user); it && it != o->stage->end; it = df_next(it))
        if (it->node.cmd == DF_RUN || it->node.cmd == DF_COPY || it->node.cmd == DF_ADD)
            return;
    if (!o->stage->user.n)
        return; /* USER $UNSET: not meant */
    obstacle_review(o, "explicit-root", user, STR("the author's USER root is a leftover, not a need"),
                    "says USER root, with nothing to do for root behind it");
}

struct obstacles obstacle_survey(struct unit *u, struct stage *s)
{
    struct obstacles o = {.unit = u, .stage = s};
    survey_base(&o);
    survey_end(&o);
    process_survey(&o);
    survey_root_home(&o);
    survey_intention(&o);
    survey_volumes(&o);
    survey_ports(&o);
    survey_files(&o);
    survey_downloads(&o);
    return o;
}
