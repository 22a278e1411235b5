/*
 * A program that is not listed in templates/programs is judged by its file: where that comes from,
 * and what is in it where the build context shows it.
 */
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
    obstacle_refuse(w->o, "entrypoint-opaque", w->at,
                    "starts the script '%s', which is not in this file and was not read",
                    walk_text(w, path));
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

void walk_file(struct walk *w, struct str path, bool is_script)
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
        walk_opaque(w, path);
        return;
    }
    if (walk_looks_like_source(name))
        return;
    if (src.origin == ORIGIN_STAGE || src.origin == ORIGIN_BUILT)
        w->o->compiled = true;
    else
        walk_unknown(w, path);
}
