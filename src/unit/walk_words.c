/*
 * One command of what starts: its program is looked up in templates/programs and judged by that;
 * wrappers and shells are looked through.
 */
#include "base/utf8.h"
#include "unit/walk.h"

enum { WRITES_MAX = 30 };

static void judge_program(struct walk *w, const struct program *p, const struct shell_word *words,
                          size_t n);

bool walk_is_option(struct str s)
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
    if (p->separator.n) {
        while (i < n && !str_eq(words[i].value, p->separator))
            i++;
        if (i + 1 < n)
            walk_words(w, words + i + 1, n - i - 1);
        return;
    }
    if (p->subcommands.n) {
        if (i >= n || !listed(words[i].value, p->subcommands.v, p->subcommands.n)) {
            walk_unknown(w, words[0].value);
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
        if (walk_is_option(v)) {
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

/* For one of several cases (case "$1" in shell) exec bash;;) it is not what matters. */
static void only_a_shell(struct walk *w)
{
    w->idle++;
    if (w->maybe)
        return;
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
    for (; i < n &&
           (walk_is_option(words[i].value) || (words[i].value.n && words[i].value.p[0] == '+'));
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
        walk_file(w, stage_join(w->o->unit->arena, w->workdir, words[i].value),
                  str_basename(words[0].value), words + i, n - i);
    else
        only_a_shell(w);
}

/* node node_modules/gulp/bin/gulp.js: what node is told to run is a program too. */
static void judge_interpreted(struct walk *w, const struct shell_word *words, size_t n)
{
    size_t i = 1;
    while (i < n && walk_is_option(words[i].value))
        i++;
    if (i < n && walk_looks_like_source(words[i].value))
        walk_code(w, stage_join(w->o->unit->arena, w->workdir, words[i].value));
    if (i >= n || !str_starts(str_basename(words[0].value), STR("node")))
        return;
    const struct program *p =
        program_find(w->o->unit->settings->programs, walk_packaged_name(words[i].value));
    if (p && (p->kind == PROGRAM_REVIEW || p->kind == PROGRAM_REFUSE))
        judge_program(w, p, words + i, n - i);
}

/* sed without -i: writes to its standard output only. */
static bool is_filter(const struct shell_word *words, size_t n)
{
    return str_is(str_basename(words[0].value), "sed") && !walk_edits_in_place(words, n);
}

/* What it keeps caches in, for caches.c. */
static void note_writes(struct walk *w, const struct program *p)
{
    struct obstacles *o = w->o;
    struct str dir = o->moved.n ? o->moved : w->workdir;
    for (size_t i = 0; p && i < p->writes.n && o->writes.n < WRITES_MAX; i++)
        *vec_push(o->unit->arena, &o->writes) =
            (struct obstacle_write){.dir = dir, .name = p->writes.v[i]};
}

static bool is_cd(struct str s)
{
    return str_is(s, "cd") || str_is(s, "pushd") || str_is(s, "popd");
}

static void judge_program(struct walk *w, const struct program *p, const struct shell_word *words,
                          size_t n)
{
    struct arena *a = w->o->unit->arena;
    const char *name = walk_text(w, str_basename(words[0].value));
    w->idle += p->kind == PROGRAM_IGNORE;
    w->busy += p->kind != PROGRAM_IGNORE && p->kind != PROGRAM_SHELL && p->kind != PROGRAM_WRAPPER;
    w->stateless += p->stateless;
    note_writes(w, p);
    if (n > 1 && str_is(p->reason, "package-script")) /* npx vite */
        note_writes(w, program_find(w->o->unit->settings->programs, words[1].value));
    if (is_cd(words[0].value))
        walk_cd(w, words, n);
    walk_declare(w, words, n);
    if (walk_find(w, words, n))
        return;
    if (n > 1 && listed(words[1].value, p->builds_with.v, p->builds_with.n)) {
        obstacle_review(
            w->o, "builds-at-start", w->at,
            STR("what it writes at start goes into the working directory itself, its home or /tmp"),
            "starts '%s %s', which builds when the container starts", name,
            walk_text(w, words[1].value));
        return;
    }
    if (walk_is_busybox_httpd(w, words, n) || is_filter(words, n) ||
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
        if (str_is(p->reason, "package-script") && walk_package_script(w, words, n))
            break;
        if (p->port && p->port < 1024)
            walk_privileged_port(w, words[0].value);
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

void walk_root_home(struct walk *w, const struct shell_word *words, size_t n)
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

bool walk_may(struct walk *w)
{
    if (w->depth < WALK_DEPTH_MAX && w->commands < WALK_COMMANDS_MAX && w->bytes < WALK_BYTES_MAX)
        return true;
    obstacle_refuse(w->o, "entrypoint-opaque", w->at,
                    "starts more scripts and wrappers in each other than are read");
    return false;
}

/* Does it run packages of npm's? */
static bool is_node(struct str path, struct str name)
{
    static const char *const names[] = {"node",    "nodejs",  "npm",         "npx",
                                        "yarn",    "pnpm",    "pm2-runtime", "pm2",
                                        "nodemon", "ts-node", NULL};
    for (const char *const *n = names; *n; n++)
        if (str_is(name, *n))
            return true;
    return str_has(path, "node_modules/");
}

/* rm -f x.pid: there is none in the image, and one that a run has left is the user's own. */
static bool removes_leftovers(const struct shell_word *words, size_t n)
{
    static const char *const ends[] = {".pid", ".sock", ".lock", NULL};
    bool force = false;
    size_t files = 0;
    if (!str_is(words[0].value, "rm"))
        return false;
    for (size_t i = 1; i < n; i++) {
        bool option = walk_is_option(words[i].value);
        force |= option && str_chr(words[i].value, 'f') > 0;
        if (!option && !walk_has_suffix(words[i].value, ends))
            return false;
        files += !option;
    }
    return force && files;
}

void walk_words(struct walk *w, const struct shell_word *words, size_t n)
{
    bool sum = n == 1 && str_starts(words[0].value, STR("(("));
    if (!n || sum || removes_leftovers(words, n) || !walk_may(w))
        return;
    w->commands++;
    w->depth++;
    bool reads = str_is(words[0].value, ".") || str_is(words[0].value, "source");
    walk_ports(w, words, n);
    if (!reads)
        walk_written_paths(w, words, n);
    walk_root_home(w, words, n);
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
    w->o->node |= is_node(path, name);
    if (str_is(name, "dotnet") || (str_is(name, "java") && walk_is_own_java(w, words, n)))
        w->o->compiled = true;
    walk_data_arguments(w, words, n);
    if (!words[0].literal && str_chr(path, '$') >= 0)
        walk_unknown(w, path);
    else if (p && (!brought || p->separator.n))
        judge_program(w, p, words, n);
    else
        walk_file(w, has_path ? absolute : path, STR(""), words, n);
    w->depth--;
}

void walk_assigns(struct walk *w, const struct shell_command *c)
{
    VEC_EACH (set, &c->assigns)
        if (walk_names_low_port(str_fmt(w->o->unit->arena, "%.*s=%.*s", STR_ARG(set->name),
                                        STR_ARG(set->value.value))))
            walk_privileged_port(w, set->name);
    VEC_EACH (set, &c->assigns)
        if (!c->words.n)
            walk_set_variable(w, set->name, &set->value);
}

void walk_script(struct walk *w, struct str text)
{
    if (!walk_may(w))
        return;
    w->depth++;
    struct shell_script script = shell_read(w->o->unit->arena, text);
    VEC_EACH (c, &script.commands) {
        walk_at_command(w, c, c->conditional);
        walk_redirects(w, c);
        walk_assigns(w, c);
        walk_words(w, c->words.v, c->words.n);
    }
    if (!script.complete)
        obstacle_refuse(w->o, "entrypoint-opaque", w->at,
                        "starts a command that could not be read as a shell script");
    w->depth--;
}
