#include "split/project.h"

#include <jansson.h>

#include "unit/locate.h"

/* A hostile file could have a hundred thousand. */
enum { NAMES_MAX = 2000 };

static void take_names(struct arena *a, const json_t *object, struct strs *out)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value)
    {
        if (out->n < NAMES_MAX)
            *vec_push(a, out) = str_dup(a, str_of(name));
    }
}

static void take_scripts(struct arena *a, const json_t *object, struct project *m)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value)
    {
        const char *text = json_string_value(value);
        if (text && m->scripts.n < NAMES_MAX)
            *vec_push(a, &m->scripts) =
                (struct project_script){str_dup(a, str_of(name)), str_dup(a, str_of(text))};
    }
}

struct project project_read(struct unit *u, struct stage *s, struct str dir)
{
    struct project m = {0};
    json_error_t error;
    struct located file = locate_file(u, s, stage_join(u->arena, dir, STR("package.json")));
    if ((file.kind != LOCATED_CONTEXT && file.kind != LOCATED_TEXT) || file.edited || !file.text.p)
        return m;
    json_t *root = json_loadb(file.text.p, file.text.n, 0, &error);
    m.seen = json_is_object(root);
    take_names(u->arena, json_object_get(root, "dependencies"), &m.dependencies);
    take_names(u->arena, json_object_get(root, "optionalDependencies"), &m.optional);
    take_names(u->arena, json_object_get(root, "devDependencies"), &m.development);
    take_scripts(u->arena, json_object_get(root, "scripts"), &m);
    m.workspaces = json_object_get(root, "workspaces") != NULL;
    json_decref(root);
    return m;
}

struct str project_script(const struct project *m, struct str name)
{
    VEC_EACH (it, &m->scripts)
        if (str_eq(it->name, name))
            return it->text;
    return STR_NULL;
}
