/*
 * Every COPY, ADD and RUN of the author's stage, and of those it builds on. What a step makes is
 * copied to the last stage, is known to be there for building only, or stops the split: a file
 * that is missing is noticed when the program asks for it, and not before.
 */
#include "split/steps.h"

#include "split/copies.h"
#include "split/shape.h"
#include "unit/operand.h"

/* ---- paths ---------------------------------------------------------------------------------- */

/* Places that hold nothing that a program needs which is not made for this very image. */
bool steps_is_scratch(struct str path)
{
    static const char *const dirs[] = {"/tmp",
                                       "/var/tmp",
                                       "/dev",
                                       "/proc",
                                       "/var/cache",
                                       "/var/lib/apt",
                                       "/var/lib/dpkg",
                                       "/root",
                                       "/etc/apt",
                                       "/etc/apk",
                                       "/usr/share/man",
                                       "/usr/share/doc",
                                       "/usr/local/go",
                                       "/etc/passwd",
                                       "/etc/group",
                                       "/etc/shadow",
                                       "/etc/gshadow",
                                       "/etc/nsswitch.conf",
                                       "/etc/yum.repos.d",
                                       "/var/lib/rpm",
                                       NULL};
    for (const char *const *d = dirs; *d; d++)
        if (stage_inside(path, str_of(*d)))
            return true;
    return false;
}

static bool sets_time_zone(const struct split *sp)
{
    bool set = sp->zone.n > 0;
    VEC_EACH (v, &sp->s->vars)
        set |= v->env && str_is(v->name, "TZ");
    return set;
}

bool steps_is_time_zone(const struct split *sp, struct str path)
{
    return sets_time_zone(sp) && (str_is(path, "/etc/localtime") || str_is(path, "/etc/timezone"));
}

/* ln -s /usr/share/zoneinfo/Europe/Berlin /etc/localtime */
static struct str zone_of(const struct shell_command *c)
{
    static const struct str zones = {"/usr/share/zoneinfo/", 20};
    const struct shell_word *from = NULL, *to = NULL;
    VEC_EACH (w, &c->words) {
        from = to;
        to = w;
    }
    bool here = from && str_is(to->value, "/etc/localtime") && from->literal &&
                str_starts(from->value, zones);
    return here ? str_from(from->value, zones.n) : STR("");
}

void steps_find_zone(struct split *sp)
{
    for (struct stage *s = sp->s; s && !sets_time_zone(sp); s = s->parent)
        VEC_EACH (step, &s->steps) {
            const struct run_effects *run = stage_run(sp->u->graph, step);
            for (size_t i = 0; run && i < run->script.commands.n; i++) {
                struct str zone = zone_of(&run->script.commands.v[i]);
                if (zone.n)
                    sp->zone = zone;
            }
        }
    if (sp->zone.n)
        split_env(sp, STR("TZ"), sp->zone);
}

/* What Go keeps of other people's code. */
static bool is_go_path(const struct split *sp, struct str path)
{
    static const char *const dirs[] = {"/go/src", "/go/pkg", NULL};
    for (const char *const *d = dirs; *d; d++)
        if (stage_inside(path, str_of(*d)) &&
            !(sp->s->workdir.known && stage_inside(sp->s->workdir.path, str_of(*d))))
            return true;
    return false;
}

bool steps_is_settled(const struct split *sp, struct str path)
{
    return is_go_path(sp, path) || split_covers(sp, path) || steps_is_scratch(path) ||
           steps_is_time_zone(sp, path);
}

/* ---- RUN ------------------------------------------------------------------------------------ */

/* Programs that make nothing, or only what everybody knows to be there for building. */
static bool is_harmless(struct str program)
{
    static const char *const names[] = {"apt-get",
                                        "apt",
                                        "apk",
                                        "yum",
                                        "dnf",
                                        "microdnf",
                                        "dpkg-reconfigure",
                                        "set",
                                        "echo",
                                        "true",
                                        ":",
                                        "printf",
                                        "cat",
                                        "ls",
                                        "test",
                                        "[",
                                        "[[",
                                        "pwd",
                                        "env",
                                        "id",
                                        "whoami",
                                        "uname",
                                        "date",
                                        "which",
                                        "file",
                                        "find",
                                        "grep",
                                        "head",
                                        "tail",
                                        "wc",
                                        "sort",
                                        "stat",
                                        "export",
                                        "unset",
                                        "sleep",
                                        "exit",
                                        "sync",
                                        "strip",
                                        "upx",
                                        "ldconfig",
                                        "locale",
                                        "command",
                                        "type",
                                        "du",
                                        "df",
                                        "sha256sum",
                                        "md5sum",
                                        "sha1sum",
                                        "sha512sum",
                                        "gpg",
                                        "readlink",
                                        "basename",
                                        "dirname",
                                        "realpath",
                                        "mktemp",
                                        "read",
                                        "shift",
                                        "ldd",
                                        "nproc",
                                        "sed",
                                        "awk",
                                        "cut",
                                        "tr",
                                        "update-ca-certificates",
                                        NULL};
    for (const char *const *n = names; *n; n++)
        if (str_is(program, *n))
            return true;
    return false;
}

struct place_at {
    struct str path;
    bool known;
};

static struct str absolute(struct split *sp, struct stage *s, const struct stage_step *step,
                           const struct shell_word *w, const struct place_at *at)
{
    struct str text;
    if (!operand_path(s, step, w, &text) || (text.p[0] != '/' && !at->known))
        return STR("");
    return stage_join(sp->u->arena, at->path, text);
}

static void makes_file(struct split *sp, const struct stage_step *step, const struct run_effect *e,
                       struct str path, struct str word)
{
    if (path.n && steps_is_settled(sp, path))
        return;
    split_refuse(sp, "files-not-seen", step->item,
                 "makes '%s' with '%s', which is not known to be there for building only",
                 split_text(sp, path.n ? path : word), split_text(sp, e->program));
}

/* "curl" of "curl=7.88", "libc6:amd64", "nginx/stable", "python3~=3.11" */
static struct str package_name(struct str word)
{
    size_t n = 0;
    while (n < word.n && !strchr("=:/~<>@", word.p[n]))
        n++;
    return str_sub(word, 0, n);
}

/* Programs that are installed matter to nobody if the program starts none: proven, or assumed. */
static bool starts_none(const struct split *sp)
{
    bool assumed = false;
    VEC_EACH (o, &sp->o.v)
        assumed |= str_is(str_of(o->reason), "code-not-seen");
    return sp->no_children || assumed;
}

static void judge_packages(struct split *sp, const struct stage_step *step,
                           const struct run_effect *e)
{
    VEC_EACH (w, &e->operands) {
        struct str name = package_name(w->value);
        if (w->literal && name.n &&
            (distroless_lists(&sp->data.packages, name) ||
             distroless_lists(&sp->common.there, name) ||
             (starts_none(sp) && distroless_lists(&sp->common.packages, name))))
            continue;
        split_refuse(sp, "package-needed", step->item,
                     "installs '%s', which the program may need when it runs",
                     split_text(sp, w->value));
    }
}

/* cp, mv, install, ln: what comes to lie at the last operand. */
static bool is_mover(struct str program)
{
    return str_is(program, "cp") || str_is(program, "mv") || str_is(program, "install") ||
           str_is(program, "ln");
}

/* ln -s /opt/modules node_modules: what it leads to has to come along. */
static void judge_target(struct split *sp, const struct stage_step *step,
                         const struct run_effects *run, const struct run_effect *e)
{
    const struct shell_command *c = &run->script.commands.v[e->command];
    struct str target = !e->inner && c->words.n > 2 ? c->words.v[c->words.n - 2].value : STR("");
    if (str_starts(target, STR("/")) && !stage_inside(target, STR("/usr/share/zoneinfo")) &&
        !steps_is_settled(sp, stage_join(sp->u->arena, STR("/"), target)))
        split_refuse(sp, "files-not-seen", step->item,
                     "makes a link to '%s', which does not come along", split_text(sp, target));
}

static void judge_mover(struct split *sp, struct stage *s, const struct stage_step *step,
                        const struct run_effects *run, const struct run_effect *e,
                        const struct place_at *at)
{
    const struct shell_command *c = &run->script.commands.v[e->command];
    const struct shell_word *last = c->words.n ? &c->words.v[c->words.n - 1] : NULL;
    struct str path = last && !e->inner ? absolute(sp, s, step, last, at) : STR("");
    if (path.n && c->words.n > 2) {
        struct str name = str_basename(c->words.v[c->words.n - 2].value);
        if (steps_is_settled(sp, stage_join(sp->u->arena, path, name)))
            return; /* into a folder */
    }
    makes_file(sp, step, e, path, last ? last->value : STR("a file"));
}

/* sed -i, tee, > and their like. */
static void judge_written(struct split *sp, struct stage *s, const struct stage_step *step,
                          const struct run_effect *e, const struct place_at *at)
{
    VEC_EACH (w, &e->operands)
        makes_file(sp, step, e, absolute(sp, s, step, w, at), w->value);
}

static bool edits_in_place(const struct run_effect *e)
{
    VEC_EACH (w, &e->operands)
        if (str_starts(w->value, STR("-i")) || str_starts(w->value, STR("--in-place")))
            return str_is(e->program, "sed");
    return false;
}

/* curl -o FILE, wget -O FILE, wget -P DIR, tar -C DIR, git clone URL DIR; else where it is. */
static bool judge_unpacker(struct split *sp, struct stage *s, const struct stage_step *step,
                           const struct run_effect *e, const struct place_at *at)
{
    static const char *const programs[] = {"curl", "wget", "tar", "unzip", "git", NULL};
    static const char *const options[] = {
        "-o", "--output", "-O", "-P", "-C", "-d", "--directory", "--output-document", NULL};
    struct shell_word to = {.value = STR("."), .literal = true};
    bool ours = false, git = str_is(e->program, "git");
    for (const char *const *p = programs; *p; p++)
        ours |= str_is(e->program, *p);
    if (!ours)
        return false;
    if (git && !(e->operands.n && str_is(e->operands.v[0].value, "clone")))
        return true;
    for (size_t i = 0; !git && i + 1 < e->operands.n; i++)
        for (const char *const *o = options; *o; o++)
            if (str_is(e->operands.v[i].value, *o) &&
                !(str_is(str_of(*o), "-O") && str_is(e->program, "curl")))
                to = e->operands.v[i + 1];
    if (git && e->operands.n > 2)
        to = e->operands.v[e->operands.n - 1];
    if (!str_is(to.value, "-"))
        makes_file(sp, step, e, absolute(sp, s, step, &to, at), to.value);
    return true;
}

static void judge_program(struct split *sp, struct stage *s, const struct stage_step *step,
                          const struct run_effect *e, const struct place_at *at)
{
    if (edits_in_place(e)) {
        const struct shell_word *file = &e->operands.v[e->operands.n - 1];
        makes_file(sp, step, e, absolute(sp, s, step, file, at), file->value);
    } else if (judge_unpacker(sp, s, step, e, at)) {
        return;
    } else if (!is_harmless(e->program) && !distroless_lists(&sp->data.builders, e->program) &&
               !distroless_lists(&sp->common.builders, e->program) &&
               !(sp->shape->does && sp->shape->does(sp, s, step, e))) {
        split_refuse(sp, "files-not-seen", step->item,
                     "runs '%s', and what that makes is not known", split_text(sp, e->program));
    }
}

static void follow_cd(struct split *sp, struct stage *s, const struct stage_step *step,
                      const struct run_effect *e, struct place_at *at)
{
    struct str path = e->operands.n == 1 ? absolute(sp, s, step, &e->operands.v[0], at) : STR("");
    at->known = path.n > 0;
    at->path = path;
}

static void judge_effect(struct split *sp, struct stage *s, const struct stage_step *step,
                         const struct run_effects *run, const struct run_effect *e,
                         struct place_at *at)
{
    switch (e->kind) {
    case RUN_PACKAGES:
        judge_packages(sp, step, e);
        break;
    case RUN_CD:
        follow_cd(sp, s, step, e, at);
        break;
    case RUN_WRITE:
        judge_written(sp, s, step, e, at);
        break;
    case RUN_CAPABILITY:
        if (str_is(e->program, "setcap"))
            split_refuse(sp, "needs-capability", step->item,
                         "gives a program capabilities (setcap), which a copy does not keep");
        break;
    case RUN_LINK:
        judge_target(sp, step, run, e);
        judge_mover(sp, s, step, run, e, at);
        break;
    case RUN_REMOVE:
        if (str_is(e->program, "mv"))
            judge_mover(sp, s, step, run, e, at);
        break;
    case RUN_OTHER:
        if (is_mover(e->program))
            judge_mover(sp, s, step, run, e, at);
        else
            judge_program(sp, s, step, e, at);
        break;
    default:
        break; /* accounts, owners, modes, directories: see owned.c */
    }
}

static void judge_run(struct split *sp, struct stage *s, struct stage_step *step)
{
    const struct run_effects *run = stage_run(sp->u->graph, step);
    struct place_at at = {step->workdir.path, step->workdir.known};
    if (!run->complete)
        split_refuse(sp, "files-not-seen", step->item,
                     "has a step that could not be read as a shell script");
    VEC_EACH (e, &run->effects)
        judge_effect(sp, s, step, run, e, &at);
}

/* ---- all of them ---------------------------------------------------------------------------- */

bool steps_brings_certificates(const struct split *sp)
{
    for (const struct stage *s = sp->s; s; s = s->parent)
        VEC_EACH (step, &s->steps)
            if (copies_is(step) &&
                (!step->dest.known ||
                 stage_inside(step->dest.path, STR("/usr/local/share/ca-certificates"))))
                return true;
    return false;
}

/* Those that the system trusts are made anew when the author adds some. */
static void carry_certificates(struct split *sp)
{
    if (!steps_brings_certificates(sp))
        return;
    if (unit_run_says(sp->u, sp->s, STR("update-ca-certificates")))
        split_copy(sp, STR("/etc/ssl/certs/ca-certificates.crt"), false);
}

static void judge_stage(struct split *sp, struct stage *s)
{
    if (s->parent)
        judge_stage(sp, s->parent);
    VEC_EACH (step, &s->steps) {
        if (copies_is(step) && sp->in_place)
            copies_overlay(sp, step);
        else if (copies_is(step))
            copies_judge(sp, s, step);
        else if (step->item->node.cmd == DF_RUN)
            judge_run(sp, s, step);
    }
}

void steps_judge(struct split *sp)
{
    carry_certificates(sp);
    judge_stage(sp, sp->s);
}
