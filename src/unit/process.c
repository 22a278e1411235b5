/*
 * What starts: ENTRYPOINT and CMD are taken apart until programs are found. A program that is
 * listed in templates/programs is judged by that; any other by where its file comes from.
 */
#include "base/utf8.h"
#include "knowledge/program.h"
#include "unit/obstacle.h"
#include "unit/origin.h"
#include "unit/walk.h"

enum { DEPTH_MAX = 6 };

static void walk_script(struct walk *w, struct str text);
static void walk_words(struct walk *w, const struct shell_word *words, size_t n);

static bool looks_like_script(struct str name)
{
    static const char *const suffixes[] = {".sh", ".bash", ".ash", ".ksh", ".zsh", NULL};
    static const char *const words[] = {"entrypoint", "start",   "run",   "init", "boot",
                                        "setup",      "launch",  "entry", "cmd",  "docker-",
                                        "script",     "startup", NULL};
    ptrdiff_t dot = str_chr(name, '.');
    if (walk_has_suffix(name, suffixes))
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
    static const char *const suffixes[] = {".py",  ".js",  ".mjs", ".cjs", ".rb",  ".pl", ".php",
                                           ".jar", ".lua", ".ts",  ".ex",  ".exs", NULL};
    return walk_has_suffix(name, suffixes);
}

static void opaque(struct walk *w, struct str path)
{
    obstacle_refuse(w->o, "entrypoint-opaque", w->at,
                    "starts the script '%s', which is not in this file and was not read",
                    walk_text(w, path));
}

static void unknown(struct walk *w, struct str path)
{
    struct str text = str_fmt(w->o->unit->arena,
                              "'%s' needs no root and writes only into the working directory, its "
                              "home or /tmp",
                              walk_text(w, path));
    obstacle_review(w->o, "unknown-program", w->at, text, "starts '%s', of which nothing is known",
                    walk_text(w, path));
}

static void judge_file(struct walk *w, struct str path, bool is_script)
{
    w->busy++;
    struct unit *u = w->o->unit;
    struct source src = str_chr(path, '/') < 0
                            ? origin_find_in_path(u, w->o->stage, w->workdir, path)
                            : origin_find(u, w->o->stage, w->workdir, path);
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
    for (; i < n && (is_option(words[i].value) || (words[i].value.n && words[i].value.p[0] == '+'));
         i++) {
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

static void privileged_port(struct walk *w, struct str what)
{
    obstacle_review(w->o, "privileged-port", w->at, STR(OBSTACLE_LOW_PORT),
                    "listens on a port below 1024 ('%s')", walk_text(w, what));
}

static void judge_program(struct walk *w, const struct program *p, const struct shell_word *words,
                          size_t n);

/* node node_modules/gulp/bin/gulp.js: what node is told to run is a program too. */
static void judge_interpreted(struct walk *w, const struct shell_word *words, size_t n)
{
    size_t i = 1;
    while (i < n && is_option(words[i].value))
        i++;
    if (i >= n || !str_starts(str_basename(words[0].value), STR("node")))
        return;
    const struct program *p =
        program_find(w->o->unit->settings->programs, walk_packaged_name(words[i].value));
    if (p && (p->kind == PROGRAM_REVIEW || p->kind == PROGRAM_REFUSE))
        judge_program(w, p, words + i, n - i);
}

static void judge_program(struct walk *w, const struct program *p, const struct shell_word *words,
                          size_t n)
{
    struct arena *a = w->o->unit->arena;
    const char *name = walk_text(w, str_basename(words[0].value));
    w->idle += p->kind == PROGRAM_IGNORE;
    w->busy += p->kind != PROGRAM_IGNORE && p->kind != PROGRAM_SHELL && p->kind != PROGRAM_WRAPPER;
    w->stateless += p->stateless;
    if (n == 2 && str_is(words[0].value, "cd"))
        w->o->moved = stage_join(w->o->unit->arena, w->workdir, words[1].value);
    if (n > 1 && listed(words[1].value, p->builds_with.v, p->builds_with.n)) {
        obstacle_review(
            w->o, "builds-at-start", w->at,
            STR("what it writes at start goes into the working directory itself, its home or /tmp"),
            "starts '%s %s', which builds when the container starts", name,
            walk_text(w, words[1].value));
        return;
    }
    if (walk_is_busybox_httpd(w, words, n) ||
        (walk_is_writer(str_basename(words[0].value)) && walk_writes_own(w, words, n)))
        return;
    if (walk_is_writer(str_basename(words[0].value)) && walk_writes_elsewhere(w, words, n)) {
        obstacle_refuse(w->o, "writes-at-start", w->at,
                        "starts '%s', which writes where only root may", name);
        return;
    }
    switch (p->kind) {
    case PROGRAM_DIRECT:
        judge_interpreted(w, words, n);
        break;
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
            walk_service(w, p, str_basename(words[0].value));
            break;
        }
        obstacle_review(w->o, str_z(a, p->reason), w->at, p->assumption, "starts '%s', which %.*s",
                        name, STR_ARG(p->message));
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
    static const char *const names[] = {
        "--port", "-p", "-port",         "--http-port", "--bind", "-b",     "--listen",
        "-l",     "-P", "--server.port", "--addr",      "-addr",  "--http", NULL};
    for (const char *const *n = names; *n; n++)
        if (str_is(s, *n) ||
            (str_starts(s, str_of(*n)) && str_chr(s, '=') == (ptrdiff_t)strlen(*n)))
            return true;
    return false;
}

/* PORT=80, -Dserver.port=80, ${PORT:-80} */
static bool names_low_port(struct str s)
{
    static const char *const marks[] = {"PORT=", "port=", "Port=", "PORT:-", NULL};
    for (const char *const *m = marks; *m; m++) {
        ptrdiff_t at = str_find(s, str_of(*m));
        struct str rest = at < 0 ? STR("") : str_from(s, (size_t)at + strlen(*m));
        size_t digits = 0;
        while (digits < rest.n && rest.p[digits] >= '0' && rest.p[digits] <= '9')
            digits++;
        uint64_t port;
        if (str_to_u64(str_sub(rest, 0, digits), 1023, &port) && port > 0)
            return true;
    }
    return false;
}

static void look_for_ports(struct walk *w, const struct shell_word *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (names_low_port(words[i].value))
            privileged_port(w, words[i].value);
    for (size_t i = 1; i < n; i++) {
        struct str v = words[i].value;
        bool behind = i > 1 && port_option(words[i - 1].value);
        bool address =
            str_has(v, "0.0.0.0:") || str_starts(v, STR(":")) || str_starts(v, STR("[::]:"));
        bool port = behind || (port_option(v) && str_chr(v, '=') > 0) || address ||
                    (i > 1 && str_is(words[i - 1].value, "http.server"));
        if (port && low_port(v))
            privileged_port(w, v);
    }
}

static void look_for_root_home(struct walk *w, const struct shell_word *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str v = words[i].value;
        if (str_starts(v, STR("/root/")) || str_is(v, "/root") || str_has(v, "=/root/"))
            obstacle_refuse(w->o, "root-home", w->at, "uses '%s': only root may look into /root",
                            walk_text(w, v));
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
    walk_written_paths(w, words, n);
    look_for_root_home(w, words, n);
    struct str path = words[0].value, name = str_basename(path);
    struct str packaged = walk_packaged_name(path);
    const struct program *p =
        program_find(w->o->unit->settings->programs, packaged.n ? packaged : name);
    bool has_path = str_chr(path, '/') >= 0;
    struct str absolute = has_path ? stage_join(w->o->unit->arena, w->workdir, path) : STR("");
    bool brought = has_path &&
                   (str_starts(path, STR("./")) || stage_inside(absolute, w->workdir)) &&
                   !str_is(w->workdir, "/") && !packaged.n;
    if (has_path && w->depth == 1)
        w->o->program = absolute;
    if (str_is(name, "java") || str_is(name, "dotnet"))
        w->o->compiled = true;
    walk_data_arguments(w, words, n);
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
    VEC_EACH (c, &script.commands) {
        walk_redirects(w, c);
        VEC_EACH (set, &c->assigns)
            if (names_low_port(str_fmt(w->o->unit->arena, "%.*s=%.*s", STR_ARG(set->name),
                                       STR_ARG(set->value.value))))
                privileged_port(w, set->name);
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
        obstacle_review(
            o, "drops-privileges", NULL,
            STR("mounted data, and what RUN steps put there, already belongs to that user: the "
                "entrypoint will not chown it any more"),
            "starts the base image's own entrypoint, which begins as root and switches to its user");
}

static bool starts_nothing(const struct facts *f)
{
    return f && (f->starts == FACTS_STARTS_NOTHING || f->starts == FACTS_STARTS_SHELL ||
                 f->starts == FACTS_STARTS_INTERPRETER);
}

/* docker-entrypoint.sh of node, php and their like runs any program that it is given; to the
 * interpreter it hands only options and what is no program. */
static bool runs_commands(const struct facts *f)
{
    for (size_t i = 0; f->starts == FACTS_STARTS_INTERPRETER && i < f->entrypoint.n; i++)
        if (str_has(f->entrypoint.v[i], "entrypoint"))
            return true;
    return false;
}

/* Is CMD just arguments of the image's own program, rather than a program? */
static bool are_arguments(const struct walk *w, const struct facts *f, const struct strs *args)
{
    bool takes = f->starts == FACTS_STARTS_INTERPRETER || f->starts == FACTS_STARTS_TOOL;
    if (!takes || f->start_as != FACTS_AS_ANY || !f->entrypoint.n || !args->n ||
        str_chr(args->v[0], '/') >= 0)
        return false;
    bool verb = str_is(args->v[0], "run") || str_is(args->v[0], "eval") ||
                str_is(args->v[0], "task"); /* of deno and bun */
    if (runs_commands(f) && !verb && !is_option(args->v[0]) && !looks_like_source(args->v[0]))
        return false;
    return !program_find(w->o->unit->settings->programs, args->v[0]);
}

static void walk_arguments(struct walk *w, const struct strs *args)
{
    struct shell_command c = shell_exec_form(w->o->unit->arena, args->v, args->n);
    look_for_ports(w, c.words.v, c.words.n);
    walk_written_paths(w, c.words.v, c.words.n);
    look_for_root_home(w, c.words.v, c.words.n);
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
            obstacle_refuse(
                o, "unknown-base-user", s->from,
                "has neither ENTRYPOINT nor CMD, and what the base image starts is not known");
        else if (starts_nothing(f) || !(ep->set || cmd->set))
            obstacle_refuse(
                o, "base-image-for-others", s->from,
                "has neither ENTRYPOINT nor CMD, and the base image starts nothing of its own");
        else if (!ep->set)
            walk_exec(w, &cmd->args, NULL);
        else if (f->start_as == FACTS_AS_ANY && cmd->set)
            walk_exec(w, &cmd->args, NULL);
    } else if (own_ep && !ep->json) {
        walk_script(w, ep->args.n ? ep->args.v[0] : STR(""));
    } else if (own_ep) {
        walk_exec(w, &ep->args, cmd->set && cmd->json ? &cmd->args : NULL);
    } else if (cmd->json && ep->set && f && are_arguments(w, f, &cmd->args)) {
        w->busy++; /* for the program that the image starts, whatever its entrypoint does with them
                    */
        walk_arguments(w, &cmd->args);
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
    struct walk w = {.o = o,
                     .workdir = o->stage->workdir.known ? o->stage->workdir.path : STR("/")};
    survey(&w);
    other_than_service(o);
    o->compiled |= w.busy && w.stateless == w.busy;
    if (w.idle && !w.busy)
        obstacle_review(o, "idle-process", w.at,
                        STR("nothing that is run by hand in this container needs root"),
                        "starts nothing that lasts: what matters is run in it by hand");
}
