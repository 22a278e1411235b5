/*
 * A build file that can't be read or understood is worth a word with -v and no more: it is not what
 * was asked for.
 */
#include "cli/trees.h"

#include <stdlib.h>

#include "repo/folder.h"

enum { FOLDERS_MAX = 200000, BUILD_FILES_MAX = 50 };

size_t trees_root(const struct walk_input *in)
{
    struct str path = str_of(in->path);
    bool inside = !str_starts(path, STR("/")) && !str_starts(path, STR("../"));
    return inside ? 0 : strlen(in->place->prefix);
}

/* ---- looking -------------------------------------------------------------------------------- */

struct names {
    struct arena *arena;
    VEC(const char *) v;
};

static void add_name(void *ctx, const char *name)
{
    struct names *n = ctx;
    if (n->v.n < BUILD_FILES_MAX && builds_is_name(str_of(name)))
        *vec_push(n->arena, &n->v) = str_z(n->arena, str_of(name));
}

static int compare_names(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* Paths of the file are relative to the root; here they get its name in front. */
static void add_builds(struct trees *t, struct str root, const struct builds *list)
{
    VEC_EACH (b, &list->list) {
        if (!b->dockerfile.known || b->dockerfile_inline)
            continue;
        struct tree_build *one = vec_push(t->arena, &t->builds);
        struct str context = b->context.known ? b->context.text : STR("");
        one->dockerfile = str_cat(t->arena, root, b->dockerfile.text);
        one->context = str_fmt(t->arena, "%.*s%.*s%s", STR_ARG(root), STR_ARG(context),
                               context.n && !str_ends(context, STR("/")) ? "/" : "");
        one->build = b;
    }
}

static void read_file(struct trees *t, const struct ur_context *c, struct str root,
                      struct str folder, const char *name)
{
    const char *bytes;
    size_t size;
    struct builds *list = arena_new(t->arena, struct builds);
    struct str path = str_fmt(t->arena, "%.*s%s", STR_ARG(folder), name);
    if (c->read(c->ctx, name, BUILDS_SIZE_MAX, &bytes, &size))
        return;
    struct str text = str_dup(t->arena, str_make(bytes, size));
    const char *wrong = builds_read(t->arena, str_from(path, root.n), text, list);
    if (wrong)
        cli_detail(t->cli, "%s:%s (not read)", cli_quote(t->arena, path.p), wrong);
    else
        add_builds(t, root, list);
}

static void look_into(struct trees *t, const struct walk_input *in, struct str root,
                      struct str folder)
{
    struct folder f = {.path = str_z(t->arena, folder), .prefix = ""};
    struct ur_context c = t->open ? t->open(t->source, t->arena, f.path) : folder_context(&f);
    struct names names = {.arena = t->arena};
    f.trusted = in->trusted < folder.n ? in->trusted : folder.n;
    c.list(c.ctx, "", add_name, &names);
    if (names.v.n)
        qsort(names.v.v, names.v.n, sizeof *names.v.v, compare_names);
    VEC_EACH (name, &names.v)
        read_file(t, &c, root, folder, *name);
    folder_release(&f);
}

/* The folders come with the sorted inputs; those above one were mostly seen with the one before. */
static bool is_seen(const struct trees *t, struct str folder)
{
    for (size_t i = t->folders.n; i-- > 0 && t->folders.n - i <= 64;)
        if (str_eq(t->folders.v[i], folder))
            return true;
    return false;
}

void trees_look(struct trees *t, const struct walk_input *in)
{
    struct str path = str_of(in->path), root = str_sub(path, 0, trees_root(in));
    if (in->standard_input)
        return;
    for (size_t end = path.n; end > root.n;) {
        ptrdiff_t slash = str_rchr(str_sub(path, 0, end - 1), '/');
        end = slash < 0 ? 0 : (size_t)slash + 1;
        if (end < root.n)
            break;
        struct str folder = str_sub(path, 0, end);
        if (is_seen(t, folder) || t->folders.n >= FOLDERS_MAX)
            continue;
        *vec_push(t->arena, &t->folders) = folder;
        look_into(t, in, root, folder);
    }
}

/* ---- finding -------------------------------------------------------------------------------- */

static int compare(const void *x, const void *y)
{
    const struct tree_build *a = x, *b = y;
    int c = str_cmp(a->dockerfile, b->dockerfile);
    if (!c)
        c = str_cmp(a->build->file, b->build->file);
    return c ? c : (a->build->line > b->build->line) - (a->build->line < b->build->line);
}

void trees_finish(struct trees *t)
{
    if (t->builds.n)
        qsort(t->builds.v, t->builds.n, sizeof *t->builds.v, compare);
}

const struct tree_build *trees_find(const struct trees *t, const struct walk_input *in, size_t *n)
{
    struct str path = str_of(in->path);
    size_t low = 0, high = t->builds.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (str_cmp(t->builds.v[mid].dockerfile, path) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    *n = 0;
    while (low + *n < t->builds.n && str_eq(t->builds.v[low + *n].dockerfile, path))
        ++*n;
    return *n ? t->builds.v + low : NULL;
}
