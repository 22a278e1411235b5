/*
 * A program that is not listed in templates/programs is judged by its file: where that comes from,
 * and what is in it where the build context shows it.
 */
#include "unit/locate.h"
#include "unit/origin.h"
#include "unit/walk.h"

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

bool walk_looks_like_source(struct str name)
{
    static const char *const suffixes[] = {".py",  ".js",  ".mjs", ".cjs", ".rb",  ".pl", ".php",
                                           ".jar", ".lua", ".ts",  ".ex",  ".exs", NULL};
    return walk_has_suffix(name, suffixes);
}

void walk_opaque(struct walk *w, struct str path)
{
    struct located file = {0};
    if (str_chr(path, '/') >= 0)
        file = locate_file(w->o->unit, w->o->stage, path);
    const char *why = file.edited ? "a step changes"
                      : file.kind == LOCATED_CONTEXT && file.text.p
                          ? "is no shell script"
                          : "is not in this file and was not read";
    obstacle_refuse(w->o, "entrypoint-opaque", w->at, "starts the script '%s', which %s",
                    walk_text(w, path), why);
}

void walk_unknown(struct walk *w, struct str path)
{
    struct str text = str_fmt(w->o->unit->arena,
                              "'%s' needs no root and writes only into the working directory, its "
                              "home or /tmp",
                              walk_text(w, path));
    obstacle_review(w->o, "unknown-program", w->at, text, "starts '%s', of which nothing is known",
                    walk_text(w, path));
}

/* Where a bare name is looked for. */
static bool start_in_path(struct walk *w, struct str name)
{
    static const char *const dirs[] = {"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin",
                                       "/sbin",           "/bin",           NULL};
    for (const char *const *d = dirs; *d; d++)
        if (walk_start(w, stage_join(w->o->unit->arena, str_of(*d), name), STR("")))
            return true;
    return false;
}

/* A script whose text is known. */
static bool start(struct walk *w, struct str path, struct str shell, const struct shell_word *words,
                  size_t n)
{
    const struct shell_word *outer = w->arguments;
    size_t count = w->argument_count;
    w->arguments = words + 1;
    w->argument_count = n ? n - 1 : 0;
    bool read = str_chr(path, '/') < 0 ? start_in_path(w, path) : walk_start(w, path, shell);
    w->arguments = outer;
    w->argument_count = count;
    return read;
}

/* A file of the context that begins with #!/usr/bin/env ruby, node, php: the application. */
static bool is_interpreted(struct walk *w, struct str path)
{
    struct located file = {0};
    if (str_chr(path, '/') >= 0)
        file = locate_file(w->o->unit, w->o->stage, path);
    if (file.kind != LOCATED_CONTEXT || !file.text.p || !str_starts(file.text, STR("#!")))
        return false;
    ptrdiff_t end = str_chr(file.text, '\n');
    struct str line = str_sub(file.text, 2, end < 0 ? file.text.n : (size_t)end);
    struct shell_script s = shell_read(w->o->unit->arena, line);
    if (s.commands.n != 1)
        return false;
    const struct shell_command *c = s.commands.v;
    size_t at = 0;
    if (c->words.n > 1 && str_is(str_basename(c->words.v[0].value), "env"))
        at = 1 + str_is(c->words.v[1].value, "-S");
    if (at >= c->words.n)
        return false;
    const struct program *p =
        program_find(w->o->unit->settings->programs, str_basename(c->words.v[at].value));
    return p && p->kind == PROGRAM_DIRECT && (!file.mode || (file.mode & 05) == 05);
}

void walk_file(struct walk *w, struct str path, struct str shell, const struct shell_word *words,
               size_t n)
{
    w->busy++;
    struct unit *u = w->o->unit;
    struct str name = str_basename(path);
    if (start(w, path, shell, words, n))
        return;
    struct source src = str_chr(path, '/') < 0
                            ? origin_find_in_path(u, w->o->stage, w->workdir, path)
                            : origin_find(u, w->o->stage, w->workdir, path);
    if (src.origin == ORIGIN_HEREDOC) {
        walk_script(w, src.script);
        return;
    }
    if (shell.n || looks_like_script(name)) {
        walk_opaque(w, path);
        return;
    }
    if (walk_looks_like_source(name) || is_interpreted(w, path)) {
        w->o->compiled |= str_ends(name, STR(".jar")) && walk_is_own_jar(w, path);
        walk_code(w, path);
        return;
    }
    if (src.origin == ORIGIN_STAGE || src.origin == ORIGIN_BUILT) {
        w->o->compiled = true;
        walk_compiled(w, name);
    } else {
        walk_unknown(w, path);
    }
}
