/*
 * npm 7 and later write "packages" (lockfileVersion 2 and 3), with hasInstallScript, os, cpu and
 * dev; older ones "dependencies" within each other. yarn's own format has an unindented line for
 * each package; later yarns and pnpm write YAML.
 */
#include "split/lock.h"

#include <jansson.h>

#include "base/glob.h"
#include "unit/locate.h"
#include "yaml/ytree.h"

enum { PACKAGES_MAX = 20000, NEST_MAX = 100 };

static struct lock_package *add(struct arena *a, struct lock *l, struct str name)
{
    if (!name.n || l->packages.n >= PACKAGES_MAX) {
        l->seen = false; /* not all of it */
        return NULL;
    }
    struct lock_package *p = vec_push(a, &l->packages);
    *p = (struct lock_package){.name = str_dup(a, name)};
    return p;
}

/* ---- npm ------------------------------------------------------------------------------------ */

/* "b" of "node_modules/a/node_modules/b"; "" for a folder of the project. */
static struct str name_of_path(struct str path)
{
    static const struct str mark = {"node_modules/", 13};
    struct str rest = path, found = STR("");
    for (ptrdiff_t at = str_find(rest, mark); at >= 0; at = str_find(rest, mark)) {
        rest = str_from(rest, (size_t)at + mark.n);
        found = rest;
    }
    return found;
}

static void from_packages(struct arena *a, struct lock *l, const json_t *packages)
{
    const char *path;
    json_t *value;
    l->tells_scripts = l->tells_development = true;
    json_object_foreach((json_t *)packages, path, value)
    {
        if (!*path)
            continue; /* the project itself */
        const char *real = json_string_value(json_object_get(value, "name")); /* of an alias */
        struct str name = name_of_path(str_of(path));
        bool folder = !name.n;
        if (real && !folder)
            name = str_of(real);
        struct lock_package *p = add(a, l, folder ? str_of(path) : name);
        if (!p)
            return;
        p->development = json_is_true(json_object_get(value, "dev"));
        p->script = json_is_true(json_object_get(value, "hasInstallScript"));
        p->platform = json_object_get(value, "os") || json_object_get(value, "cpu");
        p->linked = folder || json_is_true(json_object_get(value, "link"));
    }
}

static void from_dependencies(struct arena *a, struct lock *l, const json_t *dependencies,
                              unsigned depth)
{
    const char *name;
    json_t *value;
    l->tells_development = true;
    if (depth > NEST_MAX) {
        l->seen = false;
        return;
    }
    json_object_foreach((json_t *)dependencies, name, value)
    {
        struct lock_package *p = add(a, l, str_of(name));
        if (!p)
            return;
        p->development = json_is_true(json_object_get(value, "dev"));
        from_dependencies(a, l, json_object_get(value, "dependencies"), depth + 1);
    }
}

static void read_npm(struct arena *a, struct lock *l, struct str text)
{
    json_error_t error;
    json_t *root = json_loadb(text.p, text.n, 0, &error);
    const json_t *packages = json_object_get(root, "packages");
    l->seen = json_is_object(root);
    if (json_is_object(packages))
        from_packages(a, l, packages);
    else
        from_dependencies(a, l, json_object_get(root, "dependencies"), 0);
    json_decref(root);
}

/* ---- yarn, pnpm ----------------------------------------------------------------------------- */

/* "@a/b" of "@a/b@npm:^1.0.0", "@a/b@1.2.0(c@1)", "/@a/b@1.2.0", "/@a/b/1.2.0". */
static struct str name_of_entry(struct str entry)
{
    if (str_starts(entry, STR("/")))
        entry = str_from(entry, 1);
    bool scoped = str_starts(entry, STR("@"));
    size_t i = scoped;
    for (bool slash = false; i < entry.n; i++) {
        if (entry.p[i] == '@')
            break;
        if (entry.p[i] == '/' && (!scoped || slash))
            break;
        slash |= entry.p[i] == '/';
    }
    return str_sub(entry, 0, i);
}

/* Lines of yarn 1: `"@a/b@^1.0.0", "@a/b@^1.1.0":` and `a@^1:`. */
static void read_yarn(struct arena *a, struct lock *l, struct str text)
{
    struct str line;
    l->seen = true;
    while (l->seen && str_split(&text, '\n', &line)) {
        line = str_trim(line.n && str_is_blank(line.p[0]) ? STR("") : line);
        if (!line.n || line.p[0] == '#')
            continue;
        if (line.p[0] == '"')
            line = str_from(line, 1);
        add(a, l, name_of_entry(line));
    }
}

static bool is_set(const struct ytree_node *map, const char *key)
{
    struct str text;
    const struct ytree_node *n = ytree_get(map, key);
    return n && (!ytree_text(n, &text) || !str_is(text, "false"));
}

static void read_entries(struct arena *a, struct lock *l, const struct ytree_node *map)
{
    ytree_pairs pairs = ytree_all(a, map);
    VEC_EACH (pair, &pairs) {
        struct str key = pair->key->text;
        if (str_starts(key, STR("__")))
            continue; /* __metadata */
        struct lock_package *p = add(a, l, name_of_entry(key));
        if (!p)
            return;
        struct str resolution;
        p->linked = ytree_text(ytree_get(pair->value, "resolution"), &resolution) &&
                    (str_has(resolution, "@workspace:") || str_has(resolution, "@link:"));
        p->development = is_set(pair->value, "dev");
        p->script = is_set(pair->value, "requiresBuild");
        p->platform = is_set(pair->value, "os") || is_set(pair->value, "cpu") ||
                      is_set(pair->value, "conditions");
    }
}

static void read_yaml(struct arena *a, struct lock *l, struct str text, bool pnpm)
{
    struct ytree t;
    if (!ytree_parse(&t, a, text) || !t.docs.n)
        return;
    const struct ytree_node *root = t.docs.v[t.docs.n - 1].root;
    l->seen = root->kind == YTREE_MAPPING;
    read_entries(a, l, pnpm ? ytree_real(ytree_get(root, "packages")) : root);
}

struct lock lock_parse(struct arena *a, struct str name, struct str text)
{
    struct lock l = {0};
    if (str_is(name, "yarn.lock") && !str_has(text, "__metadata:"))
        read_yarn(a, &l, text);
    else if (str_is(name, "yarn.lock") || str_is(name, "pnpm-lock.yaml"))
        read_yaml(a, &l, text, str_is(name, "pnpm-lock.yaml"));
    else
        read_npm(a, &l, text);
    return l;
}

/* ---- which one ------------------------------------------------------------------------------ */

/* Does the COPY bring the file `name` to the folder? */
static bool brings(struct unit *u, const struct stage_step *copy, struct str dir, struct str name)
{
    struct str path = stage_join(u->arena, dir, name);
    if (!copy->from_context || !copy->sources_known || !copy->dest.known ||
        !stage_inside(path, copy->dest.path))
        return false;
    for (size_t i = 0; i < copy->sources.n; i++) {
        struct str source = context_clean(u->arena, copy->sources.v[i]);
        struct str base = str_basename(source);
        struct str below = str_from(path, copy->dest.path.n);
        struct str inside = context_clean(
            u->arena, str_fmt(u->arena, "%.*s/%.*s", STR_ARG(source), STR_ARG(below)));
        struct str pattern = str_cat(u->arena, STR("/"), base);
        if (str_eq(base, name) || context_look(u->context, inside)->kind == UR_ENTRY_FILE ||
            (str_chr(base, '*') >= 0 && !glob_check(pattern) && glob_match(pattern, name)))
            return true;
    }
    return false;
}

static bool is_there(struct unit *u, struct stage *s, const struct stage_step *before,
                     struct str dir, struct str name)
{
    for (; s && u->context; s = s->parent, before = NULL)
        VEC_EACH (step, &s->steps) {
            enum df_cmd cmd = step->item->node.cmd;
            if (step == before)
                break;
            if ((cmd == DF_COPY || cmd == DF_ADD) && brings(u, step, dir, name))
                return true;
        }
    return false;
}

struct lock lock_read(struct unit *u, struct stage *s, const struct stage_step *step,
                      struct str dir, struct str tool)
{
    static const char *const npm[] = {"npm-shrinkwrap.json", "package-lock.json", NULL};
    static const char *const yarn[] = {"yarn.lock", NULL};
    static const char *const pnpm[] = {"pnpm-lock.yaml", NULL};
    bool is_yarn = str_starts(tool, STR("yarn"));
    const char *const *names = is_yarn ? yarn : str_is(tool, "pnpm") ? pnpm : npm;
    for (; *names; names++) {
        struct located file = locate_file(u, s, stage_join(u->arena, dir, str_of(*names)));
        if (file.kind == LOCATED_UNKNOWN)
            break;
        if (file.kind == LOCATED_NOWHERE || !is_there(u, s, step, dir, str_of(*names)))
            continue;
        if (file.edited || !file.text.p)
            break;
        return lock_parse(u->arena, str_of(*names), file.text);
    }
    return (struct lock){0};
}
