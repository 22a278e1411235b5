/*
 * npm, yarn and pnpm start scripts of package.json; where the build context shows that file, they
 * are read like any shell text. Rules: npm-run-script(1), `yarn run`, `pnpm run`: a script "x" has
 * "prex" and "postx" around it, and runs in the folder of its package.json.
 */
#include <jansson.h>

#include "unit/locate.h"
#include "unit/walk.h"

struct call {
    struct str tool; /* npm yarn pnpm */
    struct str dir;  /* of package.json, in the image */
    struct str name; /* of the script */
    bool bin;        /* a program of node_modules/.bin, when there is no such script */
    const struct shell_word *rest; /* behind the name */
    size_t n;
};

static bool is_folder_option(struct str v)
{
    return str_is(v, "--prefix") || str_is(v, "-C") || str_is(v, "--cwd") || str_is(v, "--dir");
}

/* "--prefix=web" */
static bool folder_of_option(struct str v, struct str *dir)
{
    ptrdiff_t eq = str_chr(v, '=');
    if (eq < 0 || !is_folder_option(str_sub(v, 0, (size_t)eq)))
        return false;
    *dir = str_from(v, (size_t)eq + 1);
    return true;
}

static bool has_value(struct str v)
{
    return str_is(v, "--loglevel") || str_is(v, "--userconfig") || str_is(v, "--cache") ||
           str_is(v, "--registry") || str_is(v, "--network-timeout");
}

/* Takes options off the front; false at one that picks another package (-w, --filter). */
static bool skip_options(struct walk *w, struct call *c, const struct shell_word *words, size_t n,
                         size_t *i)
{
    for (; *i < n && walk_is_option(words[*i].value); ++*i) {
        struct str v = words[*i].value, dir;
        if (str_is(v, "--")) {
            ++*i;
            break;
        }
        if (str_starts(v, STR("-w")) || str_starts(v, STR("--workspace")) ||
            str_starts(v, STR("--filter")) || str_is(v, "-r") || str_is(v, "--recursive") ||
            str_is(v, "-F"))
            return false;
        if (is_folder_option(v) && *i + 1 < n)
            c->dir = stage_join(w->o->unit->arena, c->dir, words[++*i].value);
        else if (folder_of_option(v, &dir))
            c->dir = stage_join(w->o->unit->arena, c->dir, dir);
        else
            *i += has_value(v);
    }
    return true;
}

static bool is_yarn_verb(struct str v)
{
    static const char *const verbs[] = {"install", "add",       "exec",  "dlx",    "node",
                                        "global",  "workspace", "build", "create", NULL};
    for (const char *const *x = verbs; *x; x++)
        if (str_is(v, *x))
            return true;
    return false;
}

/* Which script does the command run? False when that is not what it does. */
static bool read_call(struct walk *w, const struct shell_word *words, size_t n, struct call *c)
{
    size_t i = 1;
    bool npm, run;
    *c = (struct call){.tool = str_basename(words[0].value), .dir = w->workdir};
    npm = str_is(c->tool, "npm");
    if (!npm && !str_is(c->tool, "yarn") && !str_is(c->tool, "pnpm") && !str_is(c->tool, "yarnpkg"))
        return false;
    if (!skip_options(w, c, words, n, &i) || i >= n)
        return false;
    struct str verb = words[i].value;
    run = str_is(verb, "run") || (npm && str_is(verb, "run-script"));
    if (run) {
        i++;
        if (!skip_options(w, c, words, n, &i) || i >= n)
            return false;
    } else if (npm && !str_is(verb, "start") && !str_is(verb, "test") && !str_is(verb, "restart")) {
        return false;
    } else if (!npm && is_yarn_verb(verb)) {
        return false;
    }
    c->name = words[i].value;
    c->bin = !npm;
    bool literal = words[i].literal;
    i++;
    if (!skip_options(w, c, words, n, &i)) /* npm start -- --port 80 */
        return false;
    c->rest = words + i;
    c->n = n - i;
    return literal && !str_is(c->name, "restart");
}

static struct str script_of(struct walk *w, const json_t *scripts, const char *prefix,
                            struct str name)
{
    struct str key = str_fmt(w->o->unit->arena, "%s%.*s", prefix, STR_ARG(name));
    const char *text = json_string_value(json_object_get(scripts, key.p));
    return text ? str_dup(w->o->unit->arena, str_of(text)) : STR_NULL;
}

static void run_text(struct walk *w, struct str text)
{
    if (text.p)
        walk_script(w, text);
}

/* npm start without such a script is `node server.js`. */
static struct str main_text(struct walk *w, const json_t *scripts, const struct call *c)
{
    struct str text = script_of(w, scripts, "", c->name);
    if (!text.p && str_is(c->tool, "npm") && str_is(c->name, "start"))
        text = STR("node server.js");
    if (!text.p && c->bin)
        text = c->name; /* found in node_modules/.bin */
    for (size_t i = 0; text.p && i < c->n; i++)
        text = str_fmt(w->o->unit->arena, "%.*s %.*s", STR_ARG(text), STR_ARG(c->rest[i].value));
    return text;
}

static bool run_scripts(struct walk *w, const struct call *c, struct str json)
{
    struct arena *a = w->o->unit->arena;
    json_error_t error;
    json_t *root = json_loadb(json.p, json.n, 0, &error);
    const json_t *scripts = json_object_get(root, "scripts");
    struct str before = script_of(w, scripts, "pre", c->name);
    struct str text = main_text(w, scripts, c);
    struct str after = script_of(w, scripts, "post", c->name);
    json_decref(root);
    if (!root || !text.p)
        return false;
    struct str outer = w->workdir, here = w->here, where = w->o->where;
    w->workdir = w->here = c->dir;
    w->o->where = str_fmt(a, "package.json, script '%s'", walk_text(w, c->name));
    run_text(w, before);
    run_text(w, text);
    run_text(w, after);
    w->workdir = outer;
    w->here = here;
    w->o->where = where;
    return true;
}

bool walk_package_script(struct walk *w, const struct shell_word *words, size_t n)
{
    struct call c;
    if (!w->o->unit->context || !read_call(w, words, n, &c))
        return false;
    /* corepack fetches the package manager into the home of whoever made the image */
    if (!str_is(c.tool, "npm") && unit_run_says(w->o->unit, w->o->stage, STR("corepack")))
        return false;
    struct str path = stage_join(w->o->unit->arena, c.dir, STR("package.json"));
    struct located file = locate_file(w->o->unit, w->o->stage, path);
    if (file.kind != LOCATED_CONTEXT || file.edited || !file.text.p)
        return false;
    w->bytes += file.text.n;
    return !walk_may(w) || run_scripts(w, &c, file.text);
}
