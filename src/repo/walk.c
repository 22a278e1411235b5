/*
 * The arguments: what each names, how its path is written, and which two are the same.
 *
 * Two inputs are the same when they are the same entry of the same folder: device and inode of the
 * folder, and the name. (Device and inode of the file would take two hard links for one.)
 */
#include "repo/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "repo/walk_dir.h"

static const char *quoted(struct arena *a, const char *path)
{
    return utf8_safe(a, str_of(path), 0).p;
}

/* ---- names ---- */

static bool ends_with_any(struct str name, const char *const *ends)
{
    for (; *ends; ends++)
        if (name.n > strlen(*ends) && str_ends(name, str_of(*ends)))
            return true;
    return false;
}

static bool is_dockerfile(struct str name)
{
    static const char *const ends[] = {".Dockerfile", ".dockerfile", ".Containerfile", NULL};
    if (str_ends(name, STR(".dockerignore")))
        return false;
    return str_is(name, "Dockerfile") || str_is(name, "Containerfile") ||
           str_starts(name, STR("Dockerfile.")) || ends_with_any(name, ends) ||
           str_is(name, ".Dockerfile") || str_is(name, ".dockerfile") ||
           str_is(name, ".Containerfile");
}

/* JSON that is of other kinds for sure, and often large. */
static bool is_deploy(struct str name)
{
    static const char *const yaml[] = {".yaml", ".yml", NULL};
    static const char *const json[] = {".json", NULL};
    static const char *const others[] = {"package", "tsconfig", "composer", "angular", NULL};
    if (ends_with_any(name, yaml))
        return true;
    for (const char *const *o = others; *o; o++)
        if (str_starts(name, str_of(*o)))
            return false;
    return ends_with_any(name, json);
}

enum walk_name walk_name_of(struct str name)
{
    static const char *const ends[] = {".j2", ".tmpl", ".erb", ".tpl", NULL};
    if (is_deploy(name) && !is_dockerfile(name))
        return WALK_DEPLOY;
    if (!ends_with_any(name, ends))
        return is_dockerfile(name) ? WALK_DOCKERFILE : WALK_OTHER;
    struct str stem = str_sub(name, 0, (size_t)str_rchr(name, '.'));
    return is_dockerfile(stem) ? WALK_TEMPLATE : WALK_OTHER;
}

/* ---- paths ---- */

/* "a//b/./c/" is "a/b/c"; ".." stays, because behind a link it is not what it looks like. */
static struct str clean_parts(struct arena *a, struct str path)
{
    struct buf b = buf_in(a);
    struct str part;
    if (str_starts(path, STR("/")))
        buf_addc(&b, '/');
    while (str_split(&path, '/', &part)) {
        if (!part.n || str_is(part, "."))
            continue;
        if (b.n && b.p[b.n - 1] != '/')
            buf_addc(&b, '/');
        buf_add(&b, part);
    }
    return buf_str(&b);
}

static struct str below(struct str path, struct str dir)
{
    if (dir.n > 1 && str_starts(path, dir)) {
        if (path.n == dir.n)
            return STR("");
        if (path.p[dir.n] == '/')
            return str_from(path, dir.n + 1);
    }
    return path;
}

const char *walk_clean(struct arena *a, const char *path, const char *cwd)
{
    struct str clean = clean_parts(a, str_of(path));
    if (cwd && path[0] == '/')
        clean = below(clean, str_of(cwd));
    return clean.n ? str_z(a, clean) : ".";
}

/* ---- places ---- */

static const char *real_path(struct arena *a, const char *path)
{
    char *real = realpath(path, NULL);
    const char *copy = real ? str_dup(a, str_of(real)).p : NULL;
    free(real);
    return copy;
}

static const struct walk_place *place_of(struct walk *w, struct str prefix)
{
    if (w->last && str_is(prefix, w->last->prefix))
        return w->last;
    struct walk_place *p = arena_new(w->arena, struct walk_place);
    p->prefix = str_z(w->arena, prefix);
    p->real = real_path(w->arena, prefix.n ? p->prefix : ".");
    w->last = p;
    return p;
}

/* ---- arguments ---- */

static void add_file(struct walk *w, const char *path)
{
    struct io_path io = io_path_of(path);
    struct walk_input in = {.path = path,
                            .trusted = io.trusted,
                            .place = place_of(w, str_make(path, io.trusted)),
                            .named = true};
    if (walk_name_of(str_basename(str_of(path))) == WALK_DEPLOY)
        *vec_push(w->arena, &w->deploys) = in;
    else
        *vec_push(w->arena, &w->inputs) = in;
}

static void add_folder(struct walk *w, const char *path)
{
    struct str p = str_of(path), prefix = STR("");
    if (!str_is(p, "."))
        prefix = str_ends(p, STR("/")) ? p : str_cat(w->arena, p, STR("/"));
    size_t before = w->inputs.n + w->deploys.n, errors = w->errors.n;
    walk_dir(w, place_of(w, prefix));
    if (w->inputs.n + w->deploys.n == before && w->errors.n == errors)
        *vec_push(w->arena, &w->notes) =
            str_fmt(w->arena, "no Dockerfile found in '%s'", quoted(w->arena, path)).p;
}

static void add_standard_input(struct walk *w)
{
    struct walk_input in = {
        .path = "-", .place = place_of(w, STR("")), .named = true, .standard_input = true};
    if (w->input_is_deploy)
        *vec_push(w->arena, &w->deploys) = in;
    else
        *vec_push(w->arena, &w->inputs) = in;
}

static bool asks_to_follow(const char *path)
{
    struct str p = str_of(path);
    return str_ends(p, STR("/")) || str_ends(p, STR("/."));
}

void walk_add(struct walk *w, const char *path)
{
    char cwd[4096];
    struct stat st;
    w->arguments++;
    if (strcmp(path, "-") == 0) {
        add_standard_input(w);
        return;
    }
    if (!*path) {
        *vec_push(w->arena, &w->errors) = "cannot read '': an empty path";
        return;
    }
    const char *clean = walk_clean(w->arena, path, getcwd(cwd, sizeof cwd));
    int flags = asks_to_follow(path) ? 0 : AT_SYMLINK_NOFOLLOW;
    if (fstatat(AT_FDCWD, clean, &st, flags) == 0 && S_ISDIR(st.st_mode))
        add_folder(w, clean);
    else
        add_file(w, clean);
}

void walk_add_list(struct walk *w, struct str list, char separator)
{
    struct str part;
    while (str_split(&list, separator, &part)) {
        const char *path = str_z(w->arena, part);
        if (str_is(part, "-"))
            path = "./-";
        if (part.n && strlen(path) < part.n)
            *vec_push(w->arena, &w->errors) =
                str_fmt(w->arena, "cannot read '%s': the name has a NUL in it",
                        quoted(w->arena, path))
                    .p;
        else if (part.n)
            walk_add(w, path);
    }
}

/* ---- order ---- */

struct identity {
    dev_t dev;
    ino_t ino;
    const char *base;
    size_t order;
};

static int compare_identity(const void *x, const void *y)
{
    const struct identity *a = x, *b = y;
    if (a->dev != b->dev)
        return a->dev < b->dev ? -1 : 1;
    if (a->ino != b->ino)
        return a->ino < b->ino ? -1 : 1;
    int names = strcmp(a->base, b->base);
    return names ? names : (a->order > b->order) - (a->order < b->order);
}

/* A folder that can't be looked at leaves the whole path as the name. */
static struct identity identity_of(struct walk_input *in, size_t order)
{
    struct identity id = {.base = in->path, .order = order};
    struct stat st;
    const char *base;
    int dir = in->standard_input ? -1 : io_open_parent(walk_io_path(in), &base);
    if (dir < 0)
        return id;
    if (fstat(dir, &st) == 0)
        id = (struct identity){st.st_dev, st.st_ino, base, order};
    close(dir);
    return id;
}

/* Empties the path of each input that came before under another name. */
static void mark_doubles(struct walk *w, struct walk_input *v, size_t n)
{
    struct identity *ids = arena_alloc(w->arena, n * sizeof *ids);
    for (size_t i = 0; i < n; i++)
        ids[i] = identity_of(&v[i], i);
    qsort(ids, n, sizeof *ids, compare_identity);
    for (size_t i = 1; i < n; i++) {
        struct identity *a = &ids[i - 1], *b = &ids[i];
        if (a->dev == b->dev && a->ino == b->ino && strcmp(a->base, b->base) == 0)
            v[b->order].path = NULL;
    }
}

static size_t drop_marked(struct walk_input *v, size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (v[i].path)
            v[n++] = v[i];
    return n;
}

/* Folders that overlap see the same file twice. */
static void drop_double_skips(struct walk *w)
{
    size_t n = 0;
    for (size_t i = 0; i < w->skipped.n; i++)
        if (!n || strcmp(w->skipped.v[n - 1].path, w->skipped.v[i].path) != 0)
            w->skipped.v[n++] = w->skipped.v[i];
    w->skipped.n = n;
}

static int compare_path(const void *x, const void *y)
{
    const struct walk_input *a = x, *b = y;
    return strcmp(a->path, b->path);
}

static int compare_skip(const void *x, const void *y)
{
    const struct walk_skip *a = x, *b = y;
    return strcmp(a->path, b->path);
}

/* Sorted, each once; the new number of them. */
static size_t order(struct walk *w, struct walk_input *v, size_t n)
{
    if (n < 2)
        return n;
    if (w->arguments > 1) {
        mark_doubles(w, v, n);
        n = drop_marked(v, n);
    }
    qsort(v, n, sizeof *v, compare_path);
    return n;
}

void walk_finish(struct walk *w)
{
    w->inputs.n = order(w, w->inputs.v, w->inputs.n);
    w->deploys.n = order(w, w->deploys.v, w->deploys.n);
    if (w->skipped.n > 1)
        qsort(w->skipped.v, w->skipped.n, sizeof *w->skipped.v, compare_skip);
    drop_double_skips(w);
}
