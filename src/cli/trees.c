/*
 * A build file that can't be read or understood is worth a word with -v and no more: it is not what
 * was asked for.
 */
#include "cli/trees.h"

#include <stdlib.h>

#include "repo/folder.h"

enum { FOLDERS_MAX = 200000, BUILD_FILES_MAX = 50, SCRIPTS_MAX = 200, DOCKERFILES_MAX = 100000 };

size_t trees_root(const struct walk_input *in)
{
    struct str path = str_of(in->path);
    bool inside = !str_starts(path, STR("/")) && !str_starts(path, STR("../"));
    return inside ? 0 : strlen(in->place->prefix);
}

/* ---- looking -------------------------------------------------------------------------------- */

struct names {
    struct trees *trees;
    struct str folder;         /* as it is shown */
    VEC(const char *) v;       /* build files */
    VEC(const char *) scripts; /* other files that build images */
    VEC(const char *) below;   /* folders in which there may be some */
};

/* Folders that build files stand in, though no Dockerfile or manifest is below. */
static bool is_side_folder(struct str name)
{
    static const char *const names[] = {".github", ".circleci", "scripts", "script", "hack",
                                        "ci",      ".ci",       "build",   "tools",  NULL};
    for (const char *const *n = names; *n; n++)
        if (str_is(name, *n))
            return true;
    return false;
}

static void add_for_images(struct names *n, struct str name)
{
    struct arena *a = n->trees->arena;
    struct images *images = &n->trees->images;
    if (walk_name_of(name) == WALK_DOCKERFILE && images->dockerfiles.n < DOCKERFILES_MAX)
        images_add_dockerfile(images, str_cat(a, n->folder, name));
    else if (n->scripts.n < SCRIPTS_MAX && images_kind_of(n->folder, name) != IMAGES_OTHER)
        *vec_push(a, &n->scripts) = str_z(a, name);
    else if (is_side_folder(name))
        *vec_push(a, &n->below) = str_z(a, name);
}

static void add_name(void *ctx, const char *name)
{
    struct names *n = ctx;
    struct arena *a = n->trees->arena;
    if (n->v.n < BUILD_FILES_MAX && builds_is_name(str_of(name)))
        *vec_push(a, &n->v) = str_z(a, str_of(name));
    else if (n->trees->wants_images)
        add_for_images(n, str_of(name));
}

static int compare_names(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* Paths of the file are relative to the root; here they get its name in front. */
static void add_builds(struct trees *t, struct str root, const struct builds *list)
{
    VEC_EACH (b, &list->list) {
        if (t->wants_images)
            images_add_build(&t->images, root, b);
        if (!b->dockerfile.known || b->dockerfile_inline)
            continue;
        struct tree_build *one = vec_push(t->arena, &t->builds);
        struct str context = b->context.known ? b->context.text : STR("");
        one->dockerfile = str_cat(t->arena, root, b->dockerfile.text);
        one->context = str_fmt(t->arena, "%.*s%.*s%s", STR_ARG(root), STR_ARG(context),
                               context.n && !str_ends(context, STR("/")) ? "/" : "");
        one->build = b;
        one->file = str_cat(t->arena, root, b->file);
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

static void read_script(struct trees *t, const struct ur_context *c, struct str root,
                        struct str folder, const char *name)
{
    const char *bytes;
    size_t size;
    struct str path = str_fmt(t->arena, "%.*s%s", STR_ARG(folder), name);
    if (c->read(c->ctx, name, IMAGES_SIZE_MAX, &bytes, &size))
        return;
    struct images_file f = {.kind = images_kind_of(folder, str_of(name)),
                            .root = root,
                            .path = str_from(path, root.n),
                            .bytes = str_dup(t->arena, str_make(bytes, size))};
    images_read(&t->images, &f);
}

static void sort_names(const char **v, size_t n)
{
    if (n)
        qsort(v, n, sizeof *v, compare_names);
}

static bool is_seen(const struct trees *t, struct str folder);

static void look_into(struct trees *t, const struct walk_input *in, struct str root,
                      struct str folder, bool side)
{
    struct folder f = {.path = str_z(t->arena, folder), .prefix = ""};
    struct ur_context c = folder_context(&f);
    struct names names = {.trees = t, .folder = folder};
    f.trusted = in->trusted < folder.n ? in->trusted : folder.n;
    c.list(c.ctx, "", add_name, &names);
    sort_names(names.v.v, names.v.n);
    sort_names(names.scripts.v, names.scripts.n);
    sort_names(names.below.v, names.below.n);
    for (size_t i = 0; !side && i < names.v.n; i++)
        read_file(t, &c, root, folder, names.v.v[i]);
    VEC_EACH (name, &names.scripts)
        read_script(t, &c, root, folder, *name);
    folder_release(&f);
    for (size_t i = 0; !side && i < names.below.n; i++) {
        bool github = strcmp(names.below.v[i], ".github") == 0;
        struct str below = str_fmt(t->arena, "%.*s%s/%s", STR_ARG(folder), names.below.v[i],
                                   github ? "workflows/" : "");
        if (!is_seen(t, below))
            look_into(t, in, root, below, true);
    }
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
        look_into(t, in, root, folder, false);
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

static int compare_claims(const void *x, const void *y)
{
    const struct images_claim *a = x, *b = y;
    int c = str_cmp(a->dockerfile, b->dockerfile);
    return c ? c : str_cmp(a->target, b->target);
}

/* Dockerfiles that somebody tells of in folders that were not looked into. Where they lead is seen
 * when they are read. */
static void add_told(struct trees *t)
{
    struct stat st;
    VEC_EACH (c, &t->images.claims)
        if (lstat(str_z(t->arena, c->dockerfile), &st) == 0 && S_ISREG(st.st_mode))
            images_add_dockerfile(&t->images, c->dockerfile);
}

void trees_finish(struct trees *t)
{
    if (t->builds.n)
        qsort(t->builds.v, t->builds.n, sizeof *t->builds.v, compare);
    add_told(t);
    images_finish(&t->images);
    VEC_EACH (c, &t->images.claims)
        *vec_push(t->arena, &t->claims) = *c;
    if (t->claims.n)
        qsort(t->claims.v, t->claims.n, sizeof *t->claims.v, compare_claims);
}

static void add_target(struct arena *a, struct strs *out, struct str target)
{
    for (size_t i = 0; i < out->n; i++)
        if (str_eq(out->v[i], target))
            return;
    *vec_push(a, out) = target;
}

struct strs trees_targets(const struct trees *t, struct arena *a, const struct walk_input *in)
{
    struct strs out = {0};
    struct str path = str_of(in->path);
    size_t n, low = 0, high = t->claims.n;
    const struct tree_build *builds = trees_find(t, in, &n);
    for (size_t i = 0; i < n; i++)
        if (builds[i].build->target.known)
            add_target(a, &out, builds[i].build->target.text);
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (str_cmp(t->claims.v[mid].dockerfile, path) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < t->claims.n && str_eq(t->claims.v[low].dockerfile, path); low++)
        if (t->claims.v[low].target_known)
            add_target(a, &out, t->claims.v[low].target);
    return out;
}

const struct tree_build *trees_service(const struct trees *t, struct str path, struct str service)
{
    VEC_EACH (b, &t->builds)
        if (str_eq(b->build->service, service) && str_eq(b->file, path))
            return b;
    return NULL;
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
