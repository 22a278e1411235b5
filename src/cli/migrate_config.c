/* As on the disk: any entry of that name is the configuration, and what can't be read is an error.
 */
#include "cli/migrate_config.h"

#include <stdlib.h>

#include "base/glob.h"
#include "base/utf8.h"
#include "cli/config_file.h"

enum { FACTS_MAX = 1 << 20 };

void migrate_configs_init(struct migrate_configs *cs, struct migrate_repository *m)
{
    *cs = (struct migrate_configs){.base = m->run->configs, .cli = &m->cli, .tree = &m->tree};
    cs->base.cli = &m->cli;
    cs->plain.config.options = m->run->configs.base.options;
}

static const char *cannot_read(struct arena *a, struct str path, const char *why)
{
    return str_fmt(a, "cannot read '%.*s': %s", STR_ARG(utf8_safe(a, path, 0)), why).p;
}

/* ---- facts that it names ---- */

struct names {
    struct arena *arena;
    VEC(const char *) list;
};

static void add_name(void *ctx, const char *name)
{
    struct names *n = ctx;
    if (str_ends(str_of(name), STR(".yaml")) && name[0] != '.')
        *vec_push(n->arena, &n->list) = str_dup(n->arena, str_of(name)).p;
}

static int compare_names(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static void add_fact(struct migrate_configs *cs, struct config *c, struct str path)
{
    struct arena *a = cs->cli->arena;
    struct str yaml;
    const char *why = tree_read(cs->tree, a, path, FACTS_MAX, &yaml);
    if (why)
        c->error =
            str_fmt(a, "%s (named in '%s')", cannot_read(a, path, why), cli_quote(a, c->path)).p;
    else
        *vec_push(a, &c->own_facts.files) = (struct facts_file){str_z(a, path), yaml};
}

static void add_folder(struct migrate_configs *cs, struct config *c, struct str path)
{
    struct arena *a = cs->cli->arena;
    struct names n = {.arena = a};
    struct ur_context folder = tree_context(cs->tree, a, "");
    folder.list(folder.ctx, str_z(a, path), add_name, &n);
    if (!n.list.n) {
        c->error = cannot_read(a, path, "no *.yaml in it");
        return;
    }
    qsort(n.list.v, n.list.n, sizeof *n.list.v, compare_names);
    for (size_t i = 0; i < n.list.n && !c->error; i++)
        add_fact(cs, c, str_fmt(a, "%.*s/%s", STR_ARG(path), n.list.v[i]));
}

static void read_facts(struct migrate_configs *cs, struct config *c)
{
    const struct tree_entry *entry;
    for (size_t i = 0; i < c->facts.n && !c->error; i++) {
        struct str path = str_of(c->facts.v[i].path);
        while (str_ends(path, STR("/")))
            path.n--;
        if (tree_look(cs->tree, path, &entry) == UR_ENTRY_FOLDER)
            add_folder(cs, c, path);
        else
            add_fact(cs, c, path);
    }
}

/* ---- one file ---- */

static struct migrate_config *read_config(struct migrate_configs *cs, struct str folder)
{
    struct arena *a = cs->cli->arena;
    struct migrate_config *m = arena_new(a, struct migrate_config);
    struct config *c = &m->config;
    struct str path = str_cat(a, folder, STR(CONFIG_NAME));
    c->path = path.p;
    c->folder = folder;
    const char *why = tree_read(cs->tree, a, path, CONFIG_FILE_MAX, &m->yaml);
    c->options = ur_options_new();
    if (why)
        c->error = cannot_read(a, path, why);
    else
        config_file_parse(cs->cli, c, m->yaml);
    if (!c->error)
        read_facts(cs, c);
    config_finish(&cs->base, c);
    return m;
}

/* Of the folder that ends with '/', or the root. NULL: there is none in it. */
static struct migrate_config *config_in(struct migrate_configs *cs, struct str folder)
{
    const struct tree_entry *entry;
    struct str path = str_cat(cs->cli->arena, folder, STR(CONFIG_NAME));
    if (tree_look(cs->tree, path, &entry) == UR_ENTRY_NONE)
        return NULL;
    VEC_EACH (c, &cs->all)
        if (str_eq((*c)->config.folder, folder))
            return *c;
    struct migrate_config *c = read_config(cs, str_dup(cs->cli->arena, folder));
    *vec_push(cs->cli->arena, &cs->all) = c;
    return c;
}

struct migrate_config *migrate_configs_find(struct migrate_configs *cs, struct str path)
{
    struct str folder = str_sub(path, 0, (size_t)(str_rchr(path, '/') + 1));
    if (cs->last && str_eq(folder, cs->folder))
        return cs->last;
    cs->folder = str_dup(cs->cli->arena, folder);
    cs->last = NULL;
    for (;;) {
        cs->last = config_in(cs, folder);
        if (cs->last || !folder.n)
            break;
        folder = str_sub(folder, 0, folder.n - 1);
        folder = str_sub(folder, 0, (size_t)(str_rchr(folder, '/') + 1));
    }
    if (!cs->last)
        cs->last = &cs->plain;
    return cs->last;
}

bool migrate_config_ignores(const struct migrate_config *c, struct str path)
{
    path = str_from(path, c->config.folder.n);
    VEC_EACH (glob, &c->config.ignore)
        if (glob_match(*glob, path))
            return true;
    return false;
}

struct ur_options *migrate_config_less(struct migrate_configs *cs, struct migrate_config *m,
                                       size_t number, const char *rules)
{
    if (m->less[number])
        return m->less[number];
    struct config c = {.path = m->config.path, .folder = m->config.folder};
    c.options = ur_options_new();
    if (m->yaml.p)
        config_file_parse(cs->cli, &c, m->yaml);
    c.own_facts = m->config.own_facts;
    if (ur_options_set(c.options, "ignore", rules))
        c.error = "";
    config_finish(&cs->base, &c);
    return m->less[number] = c.options;
}

static void release(struct migrate_config *c)
{
    for (size_t i = 0; i < MIGRATE_RULES_MAX; i++)
        ur_options_free(c->less[i]);
}

void migrate_configs_release(struct migrate_configs *cs)
{
    release(&cs->plain);
    VEC_EACH (c, &cs->all) {
        release(*c);
        ur_options_free((*c)->config.options);
    }
}
