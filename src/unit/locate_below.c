/* Every COPY and ADD of a stage's chain that has to do with the folder, source by source. */
#include "unit/locate.h"

#include "base/glob.h"
#include "unit/origin.h"

enum { PATHS_MAX = 200, NEST_MAX = 8 };

struct lister {
    struct unit *u;
    struct str folder;
    struct strs *out;
    const struct df_item *at; /* what can't be told; NULL: all is told */
    unsigned depth;
};

static void add(struct lister *l, const struct stage_step *step, struct str path)
{
    if (!stage_inside(path, l->folder) || str_eq(path, l->folder))
        return;
    for (size_t i = 0; i < l->out->n; i++)
        if (str_eq(l->out->v[i], path))
            return;
    if (l->out->n >= PATHS_MAX)
        l->at = step->item;
    else
        *vec_push(l->u->arena, l->out) = path;
}

static struct str join(struct lister *l, struct str dir, struct str name)
{
    return stage_join(l->u->arena, dir, name);
}

static struct str in_folder(struct lister *l, struct str dir, struct str name)
{
    return dir.n ? str_fmt(l->u->arena, "%.*s/%.*s", STR_ARG(dir), STR_ARG(name)) : name;
}

/* A file or a folder of the context that lands at `dest`. */
static void tree(struct lister *l, const struct stage_step *step, struct str source,
                 struct str dest)
{
    if (l->at || (!stage_inside(dest, l->folder) && !stage_inside(l->folder, dest)))
        return;
    const struct context_entry *e = context_look(l->u->context, source);
    if (e->kind == UR_ENTRY_NONE)
        return;
    if (e->kind == UR_ENTRY_FILE) {
        add(l, step, dest);
        return;
    }
    const struct context_folder *folder =
        e->kind == UR_ENTRY_FOLDER ? context_list(l->u->context, source) : NULL;
    if (!folder || !folder->complete || l->depth >= NEST_MAX) {
        l->at = step->item;
        return;
    }
    l->depth++;
    for (size_t i = 0; i < folder->n; i++)
        tree(l, step, in_folder(l, source, folder->names[i]), join(l, dest, folder->names[i]));
    l->depth--;
}

static struct str suffix(struct str path)
{
    struct str name = str_basename(path);
    ptrdiff_t dot = str_rchr(name, '.');
    return dot < 0 ? STR("") : str_from(name, (size_t)dot);
}

/* Where a file lands: at dest, or in it if that is a folder of the image, which is not known. A
 * suffix like that of the file says that it is none. */
static void add_file(struct lister *l, const struct stage_step *step, struct str source)
{
    struct str dest = step->dest.path;
    bool renamed = !step->dest_is_dir && suffix(source).n && str_eq(suffix(source), suffix(dest));
    if (!renamed)
        add(l, step, join(l, dest, str_basename(source)));
    if (!step->dest_is_dir)
        add(l, step, dest);
}

/* One source, without stars. */
static void from_path(struct lister *l, const struct stage_step *step, struct str source)
{
    if (context_look(l->u->context, source)->kind == UR_ENTRY_FILE)
        add_file(l, step, source);
    else
        tree(l, step, source, step->dest.path);
}

static void from_glob(struct lister *l, const struct stage_step *step, struct str source)
{
    ptrdiff_t slash = str_rchr(source, '/');
    struct str dir = slash < 0 ? STR("") : str_sub(source, 0, (size_t)slash);
    struct str pattern = str_cat(l->u->arena, STR("/"), str_from(source, (size_t)(slash + 1)));
    const struct context_folder *folder = context_list(l->u->context, dir);
    if (str_chr(dir, '*') >= 0 || str_chr(dir, '?') >= 0 || str_chr(dir, '[') >= 0 ||
        glob_check(pattern) || !folder->complete || folder->n > PATHS_MAX) {
        l->at = step->item;
        return;
    }
    for (size_t i = 0; i < folder->n; i++)
        if (glob_match(pattern, folder->names[i]))
            from_path(l, step, in_folder(l, dir, folder->names[i]));
}

/* Of another stage only files of the context are followed, not folders. */
static void from_stage(struct lister *l, const struct stage_step *step, struct str source)
{
    struct str there = join(l, STR("/"), source);
    struct located file = {.kind = LOCATED_UNKNOWN};
    if (step->from)
        file = locate_file(l->u, step->from, there);
    if (file.kind != LOCATED_CONTEXT && file.kind != LOCATED_TEXT) {
        l->at = step->item;
        return;
    }
    add_file(l, step, there);
}

static void from_copy(struct lister *l, const struct stage_step *step)
{
    struct str flag, dest = step->dest.path;
    if (step->dest.known && !stage_inside(dest, l->folder) && !stage_inside(l->folder, dest))
        return;
    if (!step->dest.known || !step->sources_known ||
        df_flag_get(&step->item->node, "parents", &flag) ||
        df_flag_get(&step->item->node, "exclude", &flag)) {
        l->at = step->item;
        return;
    }
    VEC_EACH (h, &step->item->node.heredocs) {
        add(l, step, join(l, dest, h->name));
        if (!step->dest_is_dir)
            add(l, step, dest);
    }
    for (size_t i = 0; i < step->sources.n && !l->at; i++) {
        struct str source = step->sources.v[i];
        struct str clean = context_clean(l->u->arena, source);
        if (str_starts(source, STR("<<")))
            continue;
        if (!step->from_context)
            from_stage(l, step, source);
        else if (origin_is_url(source) || !l->u->context ||
                 (step->item->node.cmd == DF_ADD && locate_is_archive(source)))
            l->at = step->item;
        else if (str_chr(clean, '*') >= 0 || str_chr(clean, '?') >= 0 || str_chr(clean, '[') >= 0)
            from_glob(l, step, clean);
        else
            from_path(l, step, clean);
    }
}

bool locate_below(struct unit *u, struct stage *s, struct str folder, struct strs *out,
                  const struct df_item **at)
{
    struct lister l = {.u = u, .folder = folder, .out = out};
    for (; s && !l.at; s = s->parent)
        VEC_EACH (step, &s->steps)
            if (!l.at && (step->item->node.cmd == DF_COPY || step->item->node.cmd == DF_ADD))
                from_copy(&l, step);
    *at = l.at;
    return !l.at;
}
