/*
 * What a start command writes: operands of mkdir and its like, redirections, and options that name
 * logs, sockets and pid files. A path is harmless when it lies in a directory that the user is
 * given.
 */
#include "unit/walk.h"
#include "unit/path.h"

#include "base/utf8.h"

const char *walk_text(struct walk *w, struct str s)
{
    return utf8_safe(w->o->unit->arena, s, 80).p;
}

bool walk_has_suffix(struct str name, const char *const *list)
{
    for (; *list; list++)
        if (str_ends(name, str_of(*list)))
            return true;
    return false;
}

/* The first component of a path, or the first two of "@scope/name/…". */
static struct str package_of(struct str path)
{
    ptrdiff_t slash = str_chr(path, '/');
    if (str_starts(path, STR("@")) && slash > 0) {
        ptrdiff_t second = str_chr(str_from(path, (size_t)slash + 1), '/');
        slash = second < 0 ? -1 : slash + 1 + second;
    }
    return slash < 0 ? path : str_sub(path, 0, (size_t)slash);
}

struct str walk_packaged_name(struct str path)
{
    static const char *const bins[] = {
        "node_modules/.bin/", "venv/bin/", "virtualenv/bin/", "/env/bin/", "/ve/bin/",
        "vendor/bin/",        NULL};
    static const struct str modules = {"node_modules/", 13};
    for (const char *const *b = bins; *b; b++) {
        ptrdiff_t at = str_find(path, str_of(*b));
        struct str name = at < 0 ? STR("") : str_from(path, (size_t)at + strlen(*b));
        if (name.n && str_chr(name, '/') < 0)
            return name;
    }
    ptrdiff_t at = str_find(path, modules);
    return at < 0 ? STR("") : package_of(str_from(path, (size_t)at + modules.n));
}

/* Paths of logs, sockets and pid files on the command line, in directories that are root's. */
static bool is_written_path(struct str s)
{
    static const char *const dirs[] = {"/var/log/",   "/var/run/",   "/run/",     "/var/lib/",
                                       "/var/cache/", "/var/spool/", "/var/opt/", NULL};
    static const char *const ends[] = {".pid", ".sock", ".log", ".lock", NULL};
    bool in_dir = false;
    for (const char *const *d = dirs; *d; d++)
        in_dir |= str_starts(s, str_of(*d));
    return in_dir || (s.n > 1 && s.p[0] == '/' && walk_has_suffix(s, ends) &&
                      !stage_inside(s, STR("/tmp")) && !stage_inside(s, STR("/dev")));
}

bool walk_is_made(struct walk *w, struct str path)
{
    if (!w->owned_known)
        w->owned = owned_dirs(w->o->unit, w->o->stage, false, NULL);
    w->owned_known = true;
    VEC_EACH (d, &w->owned.dirs)
        if (!d->file && stage_inside(path, d->path))
            return true;
    VEC_EACH (given, &w->o->given)
        if (stage_inside(path, given->path))
            return true;
    return false;
}

void walk_written_paths(struct walk *w, const struct shell_word *words, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct str v = words[i].value;
        ptrdiff_t eq = str_chr(v, '=');
        if (v.n && v.p[0] == '-' && eq > 0)
            v = str_from(v, (size_t)eq + 1);
        if (str_starts(v, STR("unix:")))
            v = str_from(v, 5);
        if (is_written_path(v) && !walk_is_made(w, v))
            obstacle_review(
                w->o, "writes-at-start", w->at,
                str_fmt(w->o->unit->arena, "the user may write to '%s'", walk_text(w, v)),
                "may write to '%s', which is root's", walk_text(w, v));
    }
}

/* > FILE, and not >&2 */
static bool opens_for_writing(const struct shell_redirect *r)
{
    struct str v = r->target.value;
    if (!v.n || !r->op.n || v.p[0] == '(' || str_starts(v, STR(">(")))
        return false;
    if (str_is(r->op, ">&"))
        return !(v.p[0] >= '0' && v.p[0] <= '9') && v.p[0] != '-' && v.p[0] != '$';
    return r->op.p[0] == '>' || str_is(r->op, "&>") || str_is(r->op, "&>>") || str_is(r->op, "<>");
}

static bool is_home_path(struct str s)
{
    return str_starts(s, STR("~/")) || str_starts(s, STR("$HOME/")) ||
           str_starts(s, STR("${HOME}/"));
}

static void judge_redirect(struct walk *w, const struct shell_word *target)
{
    struct str path, v = target->value;
    struct str place = walk_resolve(w, target, &path) ? walk_place(w, path) : STR("");
    if (is_home_path(v) ||
        (place.n && (stage_inside(place, STR("/dev")) || stage_inside(place, STR("/proc")) ||
                     walk_is_own(w, place))))
        return;
    v = place.n ? place : v;
    obstacle_review(w->o, "writes-at-start", w->at,
                    str_fmt(w->o->unit->arena, "the user may write to '%s'", walk_text(w, v)),
                    "writes to '%s' when it starts", walk_text(w, v));
}

void walk_redirects(struct walk *w, const struct shell_command *c)
{
    VEC_EACH (r, &c->redirects)
        if (opens_for_writing(r))
            judge_redirect(w, &r->target);
}

/* sed -i SCRIPT FILE…: the script is no file. */
static bool is_sed_script(const struct shell_word *words, size_t i)
{
    bool given = false;
    if (!str_is(str_basename(words[0].value), "sed"))
        return false;
    for (size_t k = 1; k < i; k++) {
        if (str_is(words[k].value, "-e") || str_is(words[k].value, "-f"))
            given = true;
        else if (words[k].value.n && words[k].value.p[0] != '-')
            return false; /* an earlier word was the script */
    }
    return !given || str_is(words[i - 1].value, "-e");
}

bool walk_writes_own(struct walk *w, const struct shell_word *words, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct str v = words[i].value;
        bool option = v.n && v.p[0] == '-';
        if (option || is_sed_script(words, i))
            continue;
        struct str place = walk_resolve(w, &words[i], &v) ? walk_place(w, v) : STR("");
        if (!place.n || !walk_is_own(w, place))
            return false;
    }
    return true;
}

/* A literal path that is certainly not the user's. */
bool walk_writes_elsewhere(struct walk *w, const struct shell_word *words, size_t n)
{
    bool last_only =
        str_is(str_basename(words[0].value), "cp") || str_is(str_basename(words[0].value), "ln");
    for (size_t i = last_only ? n - 1 : 1; i < n; i++) {
        struct str v = words[i].value;
        if (is_sed_script(words, i))
            continue;
        if (words[i].literal && v.n > 1 && v.p[0] == '/' && !stage_inside(v, STR("/tmp")) &&
            !stage_inside(v, STR("/dev")) && !stage_inside(v, STR("/var/tmp")) &&
            !path_is_application(v) && !walk_is_made(w, v))
            return true;
    }
    return false;
}

bool walk_is_writer(struct str name)
{
    return str_is(name, "mkdir") || str_is(name, "touch") || str_is(name, "rm") ||
           str_is(name, "cp") || str_is(name, "mv") || str_is(name, "ln") || str_is(name, "tee") ||
           str_is(name, "sed");
}

void walk_data_arguments(struct walk *w, const struct shell_word *words, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct str v = words[i].value;
        ptrdiff_t eq = str_chr(v, '=');
        if (v.n && v.p[0] == '-' && eq > 0)
            v = str_from(v, (size_t)eq + 1);
        bool plain = words[i].literal && v.n > 2 && v.n < 100 && v.p[0] == '/' &&
                     str_chr(str_basename(v), '.') < 0 && str_chr(v, ':') < 0 &&
                     str_chr(v, ' ') < 0 && str_chr(v, '*') < 0;
        struct str path = plain ? stage_join(w->o->unit->arena, STR("/"), v) : STR("");
        if (plain && path_is_application(path) && !stage_inside(path, STR("/home")) &&
            !str_eq(path, w->o->program) &&
            (str_is(w->workdir, "/") || !stage_inside(path, w->workdir)))
            *vec_push(w->o->unit->arena, &w->o->data) = path;
    }
}
