/*
 * The keys are the options of the command line that are about the rewrite, by the same table, and
 * two more: `ignore`, globs of paths to leave alone, and `facts`, files or folders within the
 * configuration's folder. (So --ignore RULE is the key `ignore-rules`.) Anything else is an error.
 */
#include "cli/config_file.h"

#include "base/glob.h"
#include "cli/suggest.h"
#include "yaml/ydoc.h"

struct reading {
    const struct cli *cli;
    struct config *config;
    struct ydoc doc;
};

/* Calls `take` for a text, or for each text of a list. */
static bool each_text(struct reading *r, const struct ydoc_node *n,
                      bool (*take)(struct reading *, const struct ydoc_node *, struct str))
{
    struct str text;
    if (n->kind != YDOC_LIST)
        return ydoc_text(&r->doc, n, &text) && take(r, n, text);
    YDOC_EACH (item, n)
        if (!ydoc_text(&r->doc, item, &text) || !take(r, item, text))
            return false;
    return true;
}

static bool take_ignore(struct reading *r, const struct ydoc_node *at, struct str glob)
{
    const char *wrong = glob_check(glob);
    if (wrong)
        return ydoc_fail(&r->doc, at, "%s: %s", wrong, ydoc_quote(&r->doc, glob));
    *vec_push(r->cli->arena, &r->config->ignore) = glob;
    return true;
}

static bool leads_out(struct str path)
{
    struct str part;
    if (str_starts(path, STR("/")))
        return true;
    while (str_split(&path, '/', &part))
        if (str_is(part, ".."))
            return true;
    return false;
}

/* A repository may bring facts along, but not have us read what is outside of it. */
static bool take_facts(struct reading *r, const struct ydoc_node *at, struct str path)
{
    struct arena *a = r->cli->arena;
    struct str folder = str_of(r->config->path);
    if (!path.n || leads_out(path) || memchr(path.p, 0, path.n))
        return ydoc_fail(&r->doc, at, "facts are files or folders below the folder of this file");
    folder.n -= strlen(CONFIG_NAME);
    *vec_push(a, &r->config->facts) = (struct io_path){str_cat(a, folder, path).p, folder.n};
    return true;
}

static bool set_option(struct reading *r, const struct ydoc_node *at, const struct option_spec *s,
                       const char *value)
{
    if (options_has(r->cli->options, s))
        return true;
    if (ur_options_set(r->config->options, s->name, value) == UR_OK)
        return true;
    return ydoc_fail(&r->doc, at, "%s", ur_options_error(r->config->options));
}

static bool set_text(struct reading *r, const struct ydoc_node *n, const struct option_spec *s)
{
    struct str text;
    if (!ydoc_text(&r->doc, n, &text))
        return false;
    if (memchr(text.p, 0, text.n))
        return ydoc_fail(&r->doc, n, "a NUL in a text");
    return set_option(r, n, s, str_z(r->cli->arena, text));
}

static bool take_option(struct reading *r, const struct ydoc_node *n, const struct option_spec *s)
{
    bool on;
    if (!s->value)
        return ydoc_bool(&r->doc, n, &on) && set_option(r, n, s, on ? "true" : "false");
    if (!s->repeatable || n->kind != YDOC_LIST)
        return set_text(r, n, s);
    YDOC_EACH (item, n)
        if (!set_text(r, item, s))
            return false;
    return true;
}

static bool unknown_key(struct reading *r, const struct ydoc_node *key)
{
    struct suggest near = suggest_for(key->text);
    struct options_table t = options_all();
    if (options_find(key->text))
        return ydoc_fail(&r->doc, key, "%s is an option of the command line only",
                         ydoc_quote(&r->doc, key->text));
    VEC_EACH (s, &t)
        if (s->config)
            suggest_try(&near, s->config_key ? s->config_key : s->name);
    suggest_try(&near, "ignore");
    suggest_try(&near, "facts");
    return ydoc_fail(&r->doc, key, "unknown key %s%s", ydoc_quote(&r->doc, key->text),
                     suggest_text(&near, r->cli->arena, ""));
}

static bool take_key(struct reading *r, const struct ydoc_node *n)
{
    const struct option_spec *s = options_find_key(n->key->text);
    if (str_is(n->key->text, "ignore"))
        return each_text(r, n, take_ignore);
    if (str_is(n->key->text, "facts"))
        return each_text(r, n, take_facts);
    return s ? take_option(r, n, s) : unknown_key(r, n->key);
}

static bool read_document(struct reading *r, struct str yaml)
{
    if (!ydoc_parse(&r->doc, r->cli->arena, r->config->path, yaml))
        return false;
    if (!r->doc.root)
        return true;
    if (!ydoc_is_map(&r->doc, r->doc.root))
        return false;
    YDOC_EACH (n, r->doc.root)
        if (!take_key(r, n))
            return false;
    return true;
}

void config_file_parse(const struct cli *cli, struct config *c, struct str yaml)
{
    struct reading r = {.cli = cli, .config = c};
    if (!read_document(&r, yaml))
        c->error = r.doc.error;
}

void config_file_read(const struct cli *cli, struct config *c)
{
    struct io_path path = io_path_of(c->path);
    struct io_file file;
    struct io_error e = io_read(cli->arena, path, CONFIG_FILE_MAX, &file);
    if (e.message)
        c->error = e.message;
    else
        config_file_parse(cli, c, file.bytes);
}
