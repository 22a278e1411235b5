/*
 * What starts: ENTRYPOINT and CMD are taken apart until programs are found. A program that is listed
 * in templates/programs is judged by that; any other by where its file comes from.
 */
#include "base/utf8.h"
#include "knowledge/program.h"
#include "unit/obstacle.h"
#include "unit/owned.h"

enum { DEPTH_MAX = 6 };

struct walk {
    struct obstacles *o;
    const struct df_item *at;
    struct str workdir;
    unsigned depth;
    unsigned idle, busy; /* programs that do nothing lasting, and all others */
};

static void walk_script(struct walk *w, struct str text);
static bool is_made(struct walk *w, struct str path);
static void walk_words(struct walk *w, const struct shell_word *words, size_t n);

static const char *quoted(struct walk *w, struct str s)
{
    return utf8_safe(w->o->unit->arena, s, 80).p;
}

/* ---- where a file comes from ---------------------------------------------------------------- */

enum origin { ORIGIN_UNKNOWN, ORIGIN_STAGE, ORIGIN_BUILT, ORIGIN_CONTEXT, ORIGIN_HEREDOC, ORIGIN_REMOTE };

struct source {
    enum origin origin;
    struct str script;      /* of a heredoc */
    const struct df_item *item;
};

/* Would this COPY put a file at `path`? */
static bool copies_to(const struct stage_step *step, struct str path)
{
    if (!step->dest.known)
        return false;
    if (!step->dest_is_dir && str_eq(step->dest.path, path))
        return true;
    if (!stage_inside(path, step->dest.path) || str_eq(step->dest.path, path))
        return false;
    struct str below = str_from(path, step->dest.path.n + !str_is(step->dest.path, "/"));
    for (size_t i = 0; i < step->sources.n; i++) {
        struct str name = str_basename(step->sources.v[i]);
        bool glob = str_chr(name, '*') >= 0 || str_chr(name, '?') >= 0;
        bool folder = str_is(name, ".") || str_is(name, "/") || str_is(name, "..") || !name.n;
        /* a directory's contents land below dest; its name does not show what they are */
        if (folder || glob || str_eq(name, below) || str_chr(below, '/') >= 0 ||
            str_chr(name, '.') < 0)
            return true;
    }
    return false;
}

static bool heredoc_source(const struct stage_step *step, struct source *out)
{
    const struct df_node *node = &step->item->node;
    if (node->heredocs.n != 1 || node->args.n != 2)
        return false;
    out->origin = ORIGIN_HEREDOC;
    out->script = node->heredocs.v[0].content;
    return true;
}

static bool is_url(struct str s)
{
    return str_has(s, "://") || str_starts(s, STR("git@"));
}

/* Compilers of languages whose programs stand by themselves, and those of C, whose programs usually
 * come with a tree of paths from `make install`. */
static bool builds_programs(const struct run_effects *run, bool c_too)
{
    static const char *const own[] = {"go", "cargo", "rustc", "ghc", "stack", "cabal", "swift", "dub",
                                      "nim", "nimble", "crystal", "shards", "zig", "javac", "mix",
                                      "dotnet", "swiftc", "msbuild", "xbuild", "native-image", NULL};
    static const char *const c[] = {"gcc", "g++", "cc", "c++", "clang", "make", "cmake", "ninja", "meson", NULL};
    VEC_EACH(e, &run->effects)
        for (const char *const *t = c_too ? c : own; *t; t++)
            if (str_is(e->program, *t))
                return true;
    return false;
}

/* Is the code that a stage compiles the author's own, from the build context? Somebody else's
 * programs have paths of their own that they write to. */
static bool has_own_code(const struct stage *s)
{
    for (; s; s = s->parent)
        VEC_EACH(step, &s->steps)
            if ((step->item->node.cmd == DF_COPY || step->item->node.cmd == DF_ADD) &&
                step->from_context && step->sources.n && !is_url(step->sources.v[0]))
                return true;
    return false;
}

static struct source copy_source(const struct stage_step *step)
{
    struct source out = {.item = step->item, .origin = ORIGIN_CONTEXT};
    if (heredoc_source(step, &out))
        return out;
    if (!step->from_context)
        out.origin = step->from && has_own_code(step->from) ? ORIGIN_STAGE : ORIGIN_UNKNOWN;
    else if (step->sources.n && is_url(step->sources.v[0]))
        out.origin = ORIGIN_REMOTE;
    return out;
}

/* The last instruction of the chain that could have put a file there. */
static struct source find_source(struct walk *w, struct str path)
{
    struct source out = {0};
    bool built = false, in_place = stage_inside(path, w->workdir) && !str_is(w->workdir, "/");
    for (struct stage *s = w->o->stage; s; s = s->parent) {
        for (size_t i = s->steps.n; i-- > 0;) {
            struct stage_step *step = &s->steps.v[i];
            bool copy = step->item->node.cmd == DF_COPY || step->item->node.cmd == DF_ADD;
            if (copy && path.n && copies_to(step, path)) {
                out = copy_source(step);
                if (out.origin == ORIGIN_CONTEXT && built && !str_eq(step->dest.path, path))
                    out.origin = ORIGIN_BUILT;
                return out;
            }
            const struct run_effects *run = stage_run(w->o->unit->graph, step);
            built |= run && (builds_programs(run, false) || (in_place && builds_programs(run, true)));
        }
    }
    out.origin = built && has_own_code(w->o->stage) ? ORIGIN_BUILT : ORIGIN_UNKNOWN;
    return out;
}

/* A bare name is looked for where a shell would. */
static struct source find_in_path(struct walk *w, struct str name)
{
    static const char *const dirs[] = {"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin",
                                       "/go/bin", NULL};
    for (const char *const *d = dirs; *d; d++) {
        struct source src = find_source(w, stage_join(w->o->unit->arena, str_of(*d), name));
        if (src.item)
            return src;
    }
    return find_source(w, STR(""));
}

static bool has_suffix(struct str name, const char *const *list)
{
    for (; *list; list++)
        if (str_ends(name, str_of(*list)))
            return true;
    return false;
}

static bool looks_like_script(struct str name)
{
    static const char *const suffixes[] = {".sh", ".bash", ".ash", ".ksh", ".zsh", NULL};
    static const char *const words[] = {"entrypoint", "start", "run", "init", "boot", "setup", "launch",
                                        "entry", "cmd", "docker-", "script", "startup", NULL};
    ptrdiff_t dot = str_chr(name, '.');
    if (has_suffix(name, suffixes))
        return true;
    if (dot > 0 && (str_starts(name, STR("entrypoint")) || str_starts(name, STR("docker-"))))
        return true; /* in whatever language: it prepares the container */
    if (dot >= 0)
        return false;
    for (const char *const *word = words; *word; word++)
        if (str_starts(name, str_of(*word)) || str_ends(name, str_of(*word)))
            return true;
    return false;
}

static bool looks_like_source(struct str name)
{
    static const char *const suffixes[] = {".py", ".js", ".mjs", ".cjs", ".rb", ".pl", ".php", ".jar",
                                           ".lua", ".ts", ".ex", ".exs", NULL};
    return has_suffix(name, suffixes);
}

static void opaque(struct walk *w, struct str path)
{
    obstacle_refuse(w->o, "entrypoint-opaque", w->at,
                    "starts the script '%s', which is not in this file and was not read",
                    quoted(w, path));
}

static void unknown(struct walk *w, struct str path)
{
    struct str text = str_fmt(w->o->unit->arena,
                              "'%s' needs no root and writes only into the working directory, its "
                              "home or /tmp", quoted(w, path));
    obstacle_review(w->o, "unknown-program", w->at, text, "starts '%s', of which nothing is known",
                    quoted(w, path));
}

static void judge_file(struct walk *w, struct str path, bool is_script)
{
    w->busy++;
    struct source src = str_chr(path, '/') < 0 ? find_in_path(w, path) : find_source(w, path);
    struct str name = str_basename(path);
    if (src.origin == ORIGIN_HEREDOC) {
        walk_script(w, src.script);
        return;
    }
    if (is_script || looks_like_script(name)) {
        opaque(w, path);
        return;
    }
    if (looks_like_source(name))
        return;
    if (src.origin == ORIGIN_STAGE || src.origin == ORIGIN_BUILT)
        w->o->compiled = true;
    else
        unknown(w, path);
}

/* ---- words ---------------------------------------------------------------------------------- */

static bool is_option(struct str s)
{
    return s.n > 1 && s.p[0] == '-';
}

static bool listed(struct str s, const struct str *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(s, list[i]))
            return true;
    return false;
}

static bool is_assignment(struct str s)
{
    ptrdiff_t eq = str_chr(s, '=');
    for (ptrdiff_t i = 0; i < eq; i++) {
        char c = s.p[i];
        if (!(c == '_' || (c >= '0' && c <= '9' && i) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')))
            return false;
    }
    return eq > 0;
}

/* Behind a wrapper's name: its options, and the words in front of the program. */
static void walk_wrapper(struct walk *w, const struct program *p, const struct shell_word *words,
                         size_t n)
{
    size_t i = 1;
    if (p->subcommands.n) {
        if (i >= n || !listed(words[i].value, p->subcommands.v, p->subcommands.n)) {
            unknown(w, words[0].value);
            return;
        }
        i++;
    }
    for (; i < n; i++) {
        struct str v = words[i].value;
        if (str_is(v, "--")) {
            i++;
            break;
        }
        if (is_option(v)) {
            i += str_chr(v, '=') < 0 && listed(v, p->options_with_value.v, p->options_with_value.n);
            continue;
        }
        bool number = v.n && v.p[0] >= '0' && v.p[0] <= '9';
        if (!number && !is_assignment(v))
            break;
    }
    if (i < n)
        walk_words(w, words + i, n - i);
}

static void only_a_shell(struct walk *w)
{
    obstacle_refuse(w->o, "base-image-for-others", w->at, "starts a shell and no program");
}

/* sh -c TEXT, sh -x FILE */
static void walk_shell(struct walk *w, const struct shell_word *words, size_t n)
{
    size_t i = 1;
    if (str_is(str_basename(words[0].value), "busybox")) {
        if (n > 1)
            walk_words(w, words + 1, n - 1);
        return;
    }
    for (; i < n && (is_option(words[i].value) || (words[i].value.n && words[i].value.p[0] == '+')); i++) {
        struct str v = words[i].value;
        if (v.p[0] == '-' && v.n > 1 && v.p[1] != '-' && str_chr(v, 'c') > 0) {
            if (i + 1 < n)
                walk_script(w, words[i + 1].value);
            else
                only_a_shell(w);
            return;
        }
        i += str_is(v, "-o") || str_is(v, "--rcfile") || str_is(v, "--init-file");
    }
    if (i < n)
        judge_file(w, stage_join(w->o->unit->arena, w->workdir, words[i].value), true);
    else
        only_a_shell(w);
}

/* Is it the program that the base image is made for, so that the image facts tell what it writes? */
static bool is_base_program(const struct walk *w, struct str name)
{
    const struct facts *f = unit_facts(w->o->unit, w->o->stage);
    if (!f || f->starts != FACTS_STARTS_SERVICE)
        return false;
    return (f->cmd.n && str_eq(str_basename(f->cmd.v[0]), name)) ||
           (f->entrypoint.n && str_eq(str_basename(f->entrypoint.v[0]), name));
}

/* Does the file bring configuration of its own, which may name other paths? */
static bool brings_configuration(const struct stage *s)
{
    for (; s; s = s->parent)
        VEC_EACH(step, &s->steps)
            if ((step->item->node.cmd == DF_COPY || step->item->node.cmd == DF_ADD) &&
                (!step->dest.known || stage_inside(step->dest.path, STR("/etc")) ||
                 str_has(step->dest.path, "/etc/") || str_has(step->dest.path, "conf")))
                return true;
    return false;
}

/* busybox's httpd keeps no log and no pid file. */
static bool is_busybox_httpd(const struct walk *w, const struct shell_word *words, size_t n)
{
    const struct facts *f = unit_facts(w->o->unit, w->o->stage);
    bool foreground = false, port = false;
    if (!f || (f->family != FACTS_ALPINE && f->family != FACTS_BUSYBOX) || f->starts == FACTS_STARTS_SERVICE ||
        !str_is(str_basename(words[0].value), "httpd"))
        return false;
    for (size_t i = 1; i < n; i++) {
        foreground |= str_starts(words[i].value, STR("-f"));
        port |= str_starts(words[i].value, STR("-p")) || str_is(words[i].value, "-fp");
    }
    return foreground && port;
}

/* Relative paths lie in the working directory, which the user is given. */
static bool writes_only_own_paths(struct walk *w, const struct shell_word *words, size_t n)
{
    if (!owned_is_app_path(w->workdir))
        return false;
    for (size_t i = 1; i < n; i++) {
        struct str v = words[i].value;
        bool own = v.n && v.p[0] == '/' ? stage_inside(v, STR("/tmp")) || stage_inside(v, w->workdir) || is_made(w, v)
                                        : !str_has(v, "..") && !str_starts(v, STR("~"));
        if (!own || !words[i].literal)
            return false;
    }
    return true;
}

/* A literal path that is certainly not the user's. */
static bool writes_elsewhere(struct walk *w, const struct shell_word *words, size_t n)
{
    bool last_only = str_is(str_basename(words[0].value), "cp") || str_is(str_basename(words[0].value), "ln");
    for (size_t i = last_only ? n - 1 : 1; i < n; i++) {
        struct str v = words[i].value;
        if (words[i].literal && v.n > 1 && v.p[0] == '/' && !stage_inside(v, STR("/tmp")) &&
            !stage_inside(v, STR("/dev")) && !stage_inside(v, STR("/var/tmp")) && !owned_is_app_path(v) && !is_made(w, v))
            return true;
    }
    return false;
}

static bool is_simple_writer(struct str name)
{
    return str_is(name, "mkdir") || str_is(name, "touch") || str_is(name, "rm") || str_is(name, "cp") ||
           str_is(name, "mv") || str_is(name, "ln") || str_is(name, "tee");
}

static void judge_service(struct walk *w, const struct program *p, struct str name)
{
    const struct facts *f = unit_facts(w->o->unit, w->o->stage);
    if (is_base_program(w, name)) {
        w->o->base_program = true;
        if (f->start_as == FACTS_AS_ANY && !brings_configuration(w->o->stage))
            return; /* the image facts say what it writes */
        obstacle_review(w->o, "service-paths", w->at, p->assumption, "starts '%s', which %.*s", quoted(w, name),
                        STR_ARG(p->message));
    } else {
        obstacle_refuse(w->o, "service-paths", w->at, "starts '%s', which %.*s, and which those are is not shown here",
                        quoted(w, name), STR_ARG(p->message));
    }
}

static void privileged_port(struct walk *w, struct str what)
{
    obstacle_review(w->o, "privileged-port", w->at,
                    STR("whatever runs the container lets a non-root user listen below 1024"),
                    "listens on a port below 1024 ('%s')", quoted(w, what));
}

static void judge_program(struct walk *w, const struct program *p, const struct shell_word *words,
                          size_t n)
{
    struct arena *a = w->o->unit->arena;
    const char *name = quoted(w, str_basename(words[0].value));
    w->idle += p->kind == PROGRAM_IGNORE;
    w->busy += p->kind != PROGRAM_IGNORE && p->kind != PROGRAM_SHELL && p->kind != PROGRAM_WRAPPER;
    if (n > 1 && listed(words[1].value, p->builds_with.v, p->builds_with.n)) {
        obstacle_review(w->o, "builds-at-start", w->at,
                        STR("what it writes at start goes into the working directory itself, its home or /tmp"),
                        "starts '%s %s', which builds when the container starts", name, quoted(w, words[1].value));
        return;
    }
    if (is_busybox_httpd(w, words, n) ||
        (is_simple_writer(str_basename(words[0].value)) && writes_only_own_paths(w, words, n)))
        return;
    if (is_simple_writer(str_basename(words[0].value)) && writes_elsewhere(w, words, n)) {
        obstacle_refuse(w->o, "writes-at-start", w->at, "starts '%s', which writes where only root may", name);
        return;
    }
    switch (p->kind) {
    case PROGRAM_DIRECT:
    case PROGRAM_IGNORE:
        break;
    case PROGRAM_WRAPPER:
        walk_wrapper(w, p, words, n);
        break;
    case PROGRAM_SHELL:
        walk_shell(w, words, n);
        break;
    case PROGRAM_REVIEW:
        if (p->port && p->port < 1024)
            privileged_port(w, words[0].value);
        if (str_is(p->reason, "service-paths")) {
            judge_service(w, p, str_basename(words[0].value));
            break;
        }
        obstacle_review(w->o, str_z(a, p->reason), w->at, p->assumption,
                        "starts '%s', which %.*s", name,
                        STR_ARG(p->message));
        break;
    case PROGRAM_REFUSE:
        obstacle_refuse(w->o, str_z(a, p->reason), w->at, "starts '%s', which %.*s", name,
                        STR_ARG(p->message));
        break;
    }
}

/* ":80", "0.0.0.0:80", "--port=80" and "--port 80": a port below 1024. */
static bool low_port(struct str s)
{
    uint64_t v;
    ptrdiff_t at = str_rchr(s, ':');
    if (at < 0)
        at = str_rchr(s, '=');
    return str_to_u64(str_from(s, (size_t)(at + 1)), 1023, &v) && v > 0 && (at >= 0 || s.n <= 4);
}

static bool port_option(struct str s)
{
    static const char *const names[] = {"--port", "-p", "-port", "--http-port", "--bind", "-b", "--listen",
                                        "-l", "-P", "--server.port", "--addr", "-addr", "--http", NULL};
    for (const char *const *n = names; *n; n++)
        if (str_is(s, *n) || (str_starts(s, str_of(*n)) && str_chr(s, '=') == (ptrdiff_t)strlen(*n)))
            return true;
    return false;
}

static void look_for_ports(struct walk *w, const struct shell_word *words, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct str v = words[i].value;
        bool behind = i > 1 && port_option(words[i - 1].value);
        bool address = str_has(v, "0.0.0.0:") || str_starts(v, STR(":")) || str_starts(v, STR("[::]:"));
        bool port = behind || (port_option(v) && str_chr(v, '=') > 0) || address ||
                    (i > 1 && str_is(words[i - 1].value, "http.server"));
        if (port && low_port(v))
            privileged_port(w, v);
    }
}

/* Paths of logs, sockets and pid files on the command line, in directories that are root's. */
static bool is_written_path(struct str s)
{
    static const char *const dirs[] = {"/var/log/", "/var/run/", "/run/", "/var/lib/", "/var/cache/",
                                       "/var/spool/", "/var/opt/", NULL};
    static const char *const ends[] = {".pid", ".sock", ".log", ".lock", NULL};
    bool in_dir = false;
    for (const char *const *d = dirs; *d; d++)
        in_dir |= str_starts(s, str_of(*d));
    return in_dir || (s.n > 1 && s.p[0] == '/' && has_suffix(s, ends) && !stage_inside(s, STR("/tmp")) &&
                      !stage_inside(s, STR("/dev")));
}

/* Is the directory of the path one that the file makes, so that the user is given it? */
static bool is_made(struct walk *w, struct str path)
{
    struct owned owned = owned_dirs(w->o->unit, w->o->stage, false);
    VEC_EACH(d, &owned.dirs)
        if (!d->file && stage_inside(path, d->path))
            return true;
    return false;
}

static void look_for_written_paths(struct walk *w, const struct shell_word *words, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct str v = words[i].value;
        ptrdiff_t eq = str_chr(v, '=');
        if (v.n && v.p[0] == '-' && eq > 0)
            v = str_from(v, (size_t)eq + 1);
        if (str_starts(v, STR("unix:")))
            v = str_from(v, 5);
        if (is_written_path(v) && !is_made(w, v))
            obstacle_review(w->o, "writes-at-start", w->at,
                            str_fmt(w->o->unit->arena, "the user may write to '%s'", quoted(w, v)),
                            "may write to '%s', which is root's", quoted(w, v));
    }
}

static void look_for_redirects(struct walk *w, const struct shell_command *c)
{
    VEC_EACH(r, &c->redirects) {
        struct str v = r->target.value;
        bool writes = r->op.n && (r->op.p[0] == '>' || str_is(r->op, "&>") || str_is(r->op, "&>>"));
        if (writes && v.n && v.p[0] == '/' && !stage_inside(v, STR("/dev")) && !stage_inside(v, STR("/tmp")) &&
            !stage_inside(v, STR("/proc")) && !is_made(w, v))
            obstacle_review(w->o, "writes-at-start", w->at,
                            str_fmt(w->o->unit->arena, "the user may write to '%s'", quoted(w, v)),
                            "writes to '%s' when it starts", quoted(w, v));
    }
}

static void look_for_root_home(struct walk *w, const struct shell_word *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str v = words[i].value;
        if (str_starts(v, STR("/root/")) || str_is(v, "/root") || str_has(v, "=/root/"))
            obstacle_refuse(w->o, "root-home", w->at,
                            "uses '%s': only root may look into /root", quoted(w, v));
        if (str_has(v, "docker.sock"))
            obstacle_refuse(w->o, "needs-capability", w->at, "talks to the Docker socket");
    }
}

static void walk_words(struct walk *w, const struct shell_word *words, size_t n)
{
    if (!n || w->depth >= DEPTH_MAX)
        return;
    w->depth++;
    look_for_ports(w, words, n);
    look_for_written_paths(w, words, n);
    look_for_root_home(w, words, n);
    struct str path = words[0].value, name = str_basename(path);
    const struct program *p = program_find(w->o->unit->settings->programs, name);
    bool has_path = str_chr(path, '/') >= 0;
    struct str absolute = has_path ? stage_join(w->o->unit->arena, w->workdir, path) : STR("");
    bool brought = has_path && (str_starts(path, STR("./")) || stage_inside(absolute, w->workdir)) &&
                   !str_is(w->workdir, "/");
    if (has_path && w->depth == 1)
        w->o->program = absolute;
    if (!words[0].literal && str_chr(path, '$') >= 0)
        unknown(w, path);
    else if (p && !brought)
        judge_program(w, p, words, n);
    else
        judge_file(w, has_path ? absolute : path, false);
    w->depth--;
}

static void walk_script(struct walk *w, struct str text)
{
    if (w->depth >= DEPTH_MAX)
        return;
    w->depth++;
    struct shell_script script = shell_read(w->o->unit->arena, text);
    VEC_EACH(c, &script.commands) {
        look_for_redirects(w, c);
        walk_words(w, c->words.v, c->words.n);
    }
    if (!script.complete)
        obstacle_refuse(w->o, "entrypoint-opaque", w->at,
                        "starts a command that could not be read as a shell script");
    w->depth--;
}

/* ---- ENTRYPOINT and CMD --------------------------------------------------------------------- */

static void walk_exec(struct walk *w, const struct strs *first, const struct strs *second)
{
    struct strs all = {0};
    for (size_t i = 0; i < first->n; i++)
        *vec_push(w->o->unit->arena, &all) = first->v[i];
    for (size_t i = 0; second && i < second->n; i++)
        *vec_push(w->o->unit->arena, &all) = second->v[i];
    struct shell_command c = shell_exec_form(w->o->unit->arena, all.v, all.n);
    walk_words(w, c.words.v, c.words.n);
}

static void base_process(struct obstacles *o, const struct facts *f)
{
    if (!f)
        return;
    if (f->start_as == FACTS_AS_ROOT)
        obstacle_refuse(o, "entrypoint-needs-root", NULL,
                        "starts the base image's own entrypoint, which must be root");
    if (f->start_as == FACTS_AS_DROPS)
        obstacle_review(o, "drops-privileges", NULL,
                        STR("mounted data, and what RUN steps put there, already belongs to that user: the "
                            "entrypoint will not chown it any more"),
                        "starts the base image's own entrypoint, which begins as root and switches to its user");
}

static bool starts_nothing(const struct facts *f)
{
    return f && (f->starts == FACTS_STARTS_NOTHING || f->starts == FACTS_STARTS_SHELL ||
                 f->starts == FACTS_STARTS_INTERPRETER);
}

static void survey(struct walk *w)
{
    struct obstacles *o = w->o;
    struct stage *s = o->stage;
    const struct facts *f = unit_facts(o->unit, s);
    struct stage_process *ep = &s->entrypoint, *cmd = &s->cmd;
    bool own_ep = ep->set && ep->item, own_cmd = cmd->set && cmd->item;
    w->at = own_ep ? ep->item : own_cmd ? cmd->item : NULL;
    if (ep->set && !ep->item)
        base_process(o, f);
    o->base_process = o->base_program = !own_ep && !own_cmd;
    if (o->base_process) {
        if (!f)
            obstacle_refuse(o, "unknown-base-user", s->from,
                            "has neither ENTRYPOINT nor CMD, and what the base image starts is not known");
        else if (starts_nothing(f) || !(ep->set || cmd->set))
            obstacle_refuse(o, "base-image-for-others", s->from,
                            "has neither ENTRYPOINT nor CMD, and the base image starts nothing of its own");
        else if (!ep->set)
            walk_exec(w, &cmd->args, NULL);
        else if (f->start_as == FACTS_AS_ANY && cmd->set)
            walk_exec(w, &cmd->args, NULL);
    } else if (own_ep && !ep->json) {
        walk_script(w, ep->args.n ? ep->args.v[0] : STR(""));
    } else if (own_ep) {
        walk_exec(w, &ep->args, cmd->set && cmd->json ? &cmd->args : NULL);
    } else if (cmd->json) {
        walk_exec(w, &cmd->args, NULL);
    } else {
        walk_script(w, cmd->args.n ? cmd->args.v[0] : STR(""));
    }
}

/* Something else than the service that the image is made for: what of the image does it use? */
static void other_than_service(struct obstacles *o)
{
    const struct facts *f = unit_facts(o->unit, o->stage);
    if (f && f->starts == FACTS_STARTS_SERVICE && !o->base_program)
        obstacle_review(o, "unknown-program", o->stage->from,
                        STR("what it starts does not use the service of the base image as root"),
                        "starts something else than the service that its base image is made for");
}

void process_survey(struct obstacles *o)
{
    struct walk w = {.o = o, .workdir = o->stage->workdir.known ? o->stage->workdir.path : STR("/")};
    survey(&w);
    other_than_service(o);
    if (w.idle && !w.busy)
        obstacle_review(o, "idle-process", w.at,
                        STR("nothing that is run by hand in this container needs root"),
                        "starts nothing that lasts: what matters is run in it by hand");
}
