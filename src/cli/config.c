/*
 * Inputs come sorted, so the folders above one are mostly those above the one before. They are kept
 * as a stack from "/" downwards with what was seen in each: two looks per folder, however many
 * files are below it.
 */
#include "cli/config.h"

#include <errno.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/glob.h"
#include "base/utf8.h"
#include "cli/config_file.h"

/* One folder above the last input. */
struct config_level {
    struct str dir;        /* absolute; "" for "/" */
    bool has_file;         /* a .unroot.yaml is in it */
    bool has_git;          /* the root of a repository */
    struct config *config; /* of its file, when it was needed */
};

static struct arena *arena_of(const struct configs *cs)
{
    return cs->cli->arena;
}

/* ---- making one ---- */

static bool fail(struct config *c, const char *message)
{
    c->error = message;
    return false;
}

static const char *engine_error(const struct configs *cs, const struct config *c)
{
    const char *text = ur_options_error(c->options);
    struct str copy = str_dup(arena_of(cs), str_of(text ? text : "the options are not accepted"));
    return copy.p;
}

static bool add_facts(struct configs *cs, struct config *c, const struct facts_files *f)
{
    VEC_EACH (file, &f->files)
        if (ur_options_add_facts(c->options, file->label, file->yaml.p, file->yaml.n))
            return fail(c, engine_error(cs, c));
    return true;
}

static bool read_own_facts(struct configs *cs, struct config *c)
{
    VEC_EACH (path, &c->facts) {
        const char *error = facts_files_add(&c->own_facts, arena_of(cs), *path);
        if (error)
            return fail(c, str_fmt(arena_of(cs), "%s (named in '%s')", error,
                                   cli_quote(arena_of(cs), c->path))
                               .p);
    }
    return true;
}

static bool set_given(struct configs *cs, struct config *c)
{
    VEC_EACH (g, &cs->cli->options->engine)
        if (ur_options_set(c->options, g->spec->name, g->value))
            return fail(c, engine_error(cs, c));
    return true;
}

static bool seal(struct configs *cs, struct config *c)
{
    return ur_options_seal(c->options) ? fail(c, engine_error(cs, c)) : true;
}

/* The file first, then the command line: later facts win, and a file's option that the command line
 * has, too, was left out. */
void config_finish(struct configs *cs, struct config *c)
{
    if (!c->error && add_facts(cs, c, &c->own_facts) && add_facts(cs, c, &cs->facts) &&
        set_given(cs, c) && seal(cs, c))
        return;
    ur_options_free(c->options);
    c->options = NULL;
}

static void make(struct configs *cs, struct config *c)
{
    c->options = ur_options_new();
    if (c->path)
        config_file_read(cs->cli, c);
    if (!c->error)
        read_own_facts(cs, c);
    config_finish(cs, c);
}

const char *configs_init(struct configs *cs, const struct cli *c)
{
    char cwd[4096];
    *cs = (struct configs){.cli = c};
    cs->cwd = str_dup(c->arena, str_of(getcwd(cwd, sizeof cwd) ? cwd : ""));
    VEC_EACH (path, &c->options->facts) {
        const char *error = facts_files_add(&cs->facts, c->arena, io_path_of(*path));
        if (error)
            return error;
    }
    make(cs, &cs->base);
    return cs->base.error;
}

void configs_release(struct configs *cs)
{
    ur_options_free(cs->base.options);
    VEC_EACH (c, &cs->all)
        ur_options_free((*c)->options);
}

/* ---- finding it ---- */

/* "dir" is `above` or lies below it. */
static bool lies_in(struct str dir, struct str above)
{
    return str_starts(dir, above) && (dir.n == above.n || !above.n || dir.p[above.n] == '/');
}

/* The absolute folder of an input, "" for "/". False when it is not known. */
static bool folder_of(struct configs *cs, const struct walk_input *in, struct str *out)
{
    if (!in->place->real)
        return false;
    struct str real = str_of(in->place->real);
    struct str rest = str_of(in->path + strlen(in->place->prefix));
    if (in->standard_input)
        rest = STR("");
    ptrdiff_t slash = str_rchr(rest, '/');
    if (str_is(real, "/"))
        real = STR("");
    *out = real;
    if (slash > 0)
        *out = str_fmt(arena_of(cs), "%.*s/%.*s", STR_ARG(real), (int)slash, rest.p);
    return true;
}

static bool exists(struct configs *cs, struct str dir, const char *name)
{
    struct stat st;
    return lstat(str_fmt(arena_of(cs), "%.*s/%s", STR_ARG(dir), name).p, &st) == 0;
}

/* Makes the stack that of `dir`. */
static void go_to(struct configs *cs, struct str dir)
{
    while (cs->levels.n && !lies_in(dir, cs->levels.v[cs->levels.n - 1].dir))
        cs->levels.n--;
    while (!cs->levels.n || cs->levels.v[cs->levels.n - 1].dir.n < dir.n) {
        size_t at = cs->levels.n ? cs->levels.v[cs->levels.n - 1].dir.n + 1 : 0;
        while (cs->levels.n && at < dir.n && dir.p[at] != '/')
            at++;
        struct str level = str_sub(dir, 0, at);
        *vec_push(arena_of(cs), &cs->levels) =
            (struct config_level){.dir = level,
                                  .has_file = exists(cs, level, CONFIG_NAME),
                                  .has_git = exists(cs, level, ".git")};
    }
}

/* Where the search ends: at the first folder upward that is the root of a repository, else at the
 * working directory or the named folder. */
static struct str boundary(struct configs *cs, const struct walk_input *in, struct str dir)
{
    for (size_t i = cs->levels.n; i-- > 0;)
        if (cs->levels.v[i].has_git)
            return cs->levels.v[i].dir;
    struct str real = str_of(in->place->real);
    if (cs->cwd.n > 1 && lies_in(dir, cs->cwd))
        return cs->cwd;
    return str_is(real, "/") ? STR("") : real;
}

/* The path of the file in `dir` as seen from the working directory. */
static const char *shown(struct configs *cs, struct str dir)
{
    struct buf b = buf_in(arena_of(cs));
    if (lies_in(dir, cs->cwd) && cs->cwd.n) {
        if (dir.n > cs->cwd.n)
            buf_addf(&b, "%.*s/", STR_ARG(str_from(dir, cs->cwd.n + 1)));
    } else if (lies_in(cs->cwd, dir) && dir.n) {
        for (size_t i = dir.n; i < cs->cwd.n; i++)
            if (cs->cwd.p[i] == '/')
                buf_addz(&b, "../");
    } else {
        buf_addf(&b, "%.*s/", STR_ARG(dir));
    }
    buf_addz(&b, CONFIG_NAME);
    return buf_str(&b).p;
}

static struct config *config_of(struct configs *cs, struct config_level *level)
{
    if (level->config)
        return level->config;
    const char *path = shown(cs, level->dir);
    VEC_EACH (c, &cs->all)
        if (strcmp((*c)->path, path) == 0)
            return level->config = *c;
    struct config *c = arena_new(arena_of(cs), struct config);
    c->path = path;
    c->folder = level->dir;
    make(cs, c);
    *vec_push(arena_of(cs), &cs->all) = c;
    return level->config = c;
}

struct config *configs_find(struct configs *cs, const struct walk_input *in)
{
    struct str dir;
    if (!folder_of(cs, in, &dir))
        return &cs->base;
    go_to(cs, dir);
    struct str end = boundary(cs, in, dir);
    for (size_t i = cs->levels.n; i-- > 0 && lies_in(cs->levels.v[i].dir, end);)
        if (cs->levels.v[i].has_file)
            return config_of(cs, &cs->levels.v[i]);
    return &cs->base;
}

bool config_ignores(const struct configs *cs, const struct config *c, const struct walk_input *in)
{
    if (in->named || !c->ignore.n)
        return false;
    /* Absolute, then without the folder of the configuration. */
    const char *real = strcmp(in->place->real, "/") ? in->place->real : "";
    struct str path = str_fmt(arena_of(cs), "%s/%s", real, in->path + strlen(in->place->prefix));
    path = str_from(path, c->folder.n + 1);
    VEC_EACH (glob, &c->ignore)
        if (glob_match(*glob, path))
            return true;
    return false;
}
