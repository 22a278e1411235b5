/*
 * Two ways to search a folder. Where a ".git" is (here or above), git is asked: it knows what is
 * ignored. Else the folder is read entry by entry, and git is asked for each folder below that has
 * a ".git" of its own, so that a folder full of clones works like the clones. When git refuses or
 * is missing, the plain way is taken for that folder, with a note.
 *
 * Every folder is opened relative to the one above it, without following links: nothing that is
 * moved about meanwhile can lead out, and no path is too long.
 */
#include "repo/walk_dir.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/sys.h"
#include "base/utf8.h"
#include "repo/git.h"

enum { DEPTH_MAX = 128 };

struct search {
    struct walk *walk;
    const struct walk_place *place;
};

static struct arena *arena_of(struct search *s)
{
    return s->walk->arena;
}

static struct walk_input input_of(const struct search *s, const char *path)
{
    return (struct walk_input){
        .path = path, .trusted = strlen(s->place->prefix), .place = s->place};
}

/* What the name says, as far as it is wanted. */
static enum walk_name name_of(const struct walk *w, struct str name)
{
    enum walk_name kind = walk_name_of(name);
    return kind == WALK_DEPLOY && !w->wants_deploys ? WALK_OTHER : kind;
}

static void add_skip(struct search *s, const char *path, const char *why)
{
    *vec_push(arena_of(s), &s->walk->skipped) = (struct walk_skip){path, why};
}

static void add_error(struct search *s, const char *path, const char *why)
{
    struct str shown = utf8_safe(arena_of(s), str_of(*path ? path : "."), 0);
    *vec_push(arena_of(s), &s->walk->errors) =
        str_fmt(arena_of(s), "cannot read '%.*s': %s", STR_ARG(shown), why).p;
}

static void add_note(struct search *s, const char *path, const char *text)
{
    struct str shown = utf8_safe(arena_of(s), str_of(*path ? path : "."), 0);
    *vec_push(arena_of(s), &s->walk->notes) =
        str_fmt(arena_of(s), "'%.*s': %s; searching it without git's ignore rules", STR_ARG(shown),
                text)
            .p;
}

/* A file whose name counts or nearly counts. */
static void add_file(struct search *s, const char *path, enum walk_name name, mode_t mode)
{
    if (S_ISDIR(mode))
        return;
    if (name == WALK_TEMPLATE)
        add_skip(s, path, "a template");
    else if (io_not_regular(mode) && name == WALK_DEPLOY)
        return; /* most of them are something else anyway */
    else if (io_not_regular(mode))
        add_skip(s, path, io_not_regular(mode));
    else if (name == WALK_DEPLOY)
        *vec_push(arena_of(s), &s->walk->deploys) = input_of(s, path);
    else
        *vec_push(arena_of(s), &s->walk->inputs) = input_of(s, path);
}

/* ---- asking git ---- */

/* Collects the names that count out of a NUL-separated list that comes in pieces. */
struct listing {
    struct arena *arena;
    const struct walk *walk;
    struct buf piece; /* the name that is not yet complete */
    VEC(struct str) names;
};

static void take_name(struct listing *l, struct str name)
{
    /* A slash at the end is a repository inside this one. */
    if (str_ends(name, STR("/")) || name_of(l->walk, str_basename(name)) == WALK_OTHER)
        return;
    *vec_push(l->arena, &l->names) = str_dup(l->arena, name);
}

static bool take_names(void *ctx, struct str bytes)
{
    struct listing *l = ctx;
    ptrdiff_t end;
    while ((end = str_chr(bytes, 0)) >= 0) {
        struct str name = str_sub(bytes, 0, (size_t)end);
        if (l->piece.n) {
            buf_add(&l->piece, name);
            name = buf_str(&l->piece);
        }
        take_name(l, name);
        l->piece.n = 0;
        bytes = str_from(bytes, (size_t)end + 1);
    }
    buf_add(&l->piece, bytes);
    return true;
}

static int compare_str(const void *x, const void *y)
{
    return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

/* A tracked file may be deleted, or a folder of it be a link by now: then it is not there. */
static void add_listed(struct search *s, const char *path)
{
    struct stat st;
    const char *base;
    int dir = io_open_parent((struct io_path){path, strlen(s->place->prefix)}, &base);
    if (dir < 0)
        return;
    if (fstatat(dir, base, &st, AT_SYMLINK_NOFOLLOW) == 0)
        add_file(s, path, name_of(s->walk, str_of(base)), st.st_mode);
    close(dir);
}

static void add_listing(struct search *s, struct listing *l, const char *prefix)
{
    if (l->names.n)
        qsort(l->names.v, l->names.n, sizeof *l->names.v, compare_str);
    for (size_t i = 0; i < l->names.n; i++) {
        /* A file in conflict is listed up to three times. */
        if (i && str_eq(l->names.v[i], l->names.v[i - 1]))
            continue;
        add_listed(s, str_cat(arena_of(s), str_of(prefix), l->names.v[i]).p);
    }
}

/* False when git could not tell; then a note says why. */
static bool search_with_git(struct search *s, const char *prefix)
{
    static const char *const args[] = {"ls-files",           "-z", "--cached", "--others",
                                       "--exclude-standard", "--", NULL};
    struct arena *a = arena_of(s);
    struct listing l = {.arena = a, .walk = s->walk, .piece = buf_in(a)};
    struct git_end end = git_run(a, *prefix ? prefix : ".", args, take_names, &l);
    if (!end.ran || end.code) {
        add_note(s, prefix, git_refusal(a, &end));
        return false;
    }
    add_listing(s, &l, prefix);
    return true;
}

/* ---- reading a folder ---- */

static bool is_left_out(const char *name)
{
    static const char *const names[] = {".git", "node_modules", "vendor", ".venv", "target"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static mode_t mode_of(int dir, const struct dirent *e)
{
    struct stat st;
    if (e->d_type != DT_UNKNOWN)
        return (mode_t)DTTOIF(e->d_type);
    return fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 ? st.st_mode : 0;
}

struct entry {
    const char *path;
    enum walk_name name;
    mode_t mode;
};

struct entries {
    VEC(struct entry) files;
    VEC(const char *) folders; /* names */
    bool has_git;
};

static void take_entry(struct search *s, struct entries *es, const char *prefix, int dir,
                       const struct dirent *e)
{
    struct arena *a = arena_of(s);
    enum walk_name name = name_of(s->walk, str_of(e->d_name));
    if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
        return;
    /* Most entries of most folders end here, without a call more. */
    if (name == WALK_OTHER && e->d_type != DT_DIR && e->d_type != DT_UNKNOWN &&
        strcmp(e->d_name, ".git") != 0)
        return;
    mode_t mode = mode_of(dir, e);
    if (strcmp(e->d_name, ".git") == 0)
        es->has_git = true;
    else if (S_ISDIR(mode) && !is_left_out(e->d_name))
        *vec_push(a, &es->folders) = str_dup(a, str_of(e->d_name)).p;
    else if (name != WALK_OTHER && mode)
        *vec_push(a, &es->files) =
            (struct entry){str_cat(a, str_of(prefix), str_of(e->d_name)).p, name, mode};
}

/* Reads all entries first: whether git is to be asked shows only at the end. 0 or an errno. */
static int read_entries(struct search *s, struct entries *es, const char *prefix, DIR *dir)
{
    struct dirent *e;
    while (errno = 0, (e = readdir(dir)))
        take_entry(s, es, prefix, dirfd(dir), e);
    return errno;
}

static void search_folder(struct search *s, int fd, const char *prefix, unsigned depth, bool asked);

/* One that has gone, or has become a link, is not there. */
static void enter(struct search *s, int dir, const char *prefix, const char *name, unsigned depth)
{
    const char *path = str_fmt(arena_of(s), "%s%s/", prefix, name).p;
    int fd = sys_openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
    if (fd >= 0)
        search_folder(s, fd, path, depth, false);
    else if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
        add_error(s, path, strerror(errno));
}

static void search_entries(struct search *s, struct entries *es, int dir, const char *prefix,
                           unsigned depth)
{
    VEC_EACH (f, &es->files)
        add_file(s, f->path, f->name, f->mode);
    if (es->folders.n && depth >= DEPTH_MAX) {
        add_error(s, prefix, "folders are nested too deeply");
        return;
    }
    VEC_EACH (name, &es->folders)
        enter(s, dir, prefix, *name, depth + 1);
}

/* Takes the descriptor. `asked`: git could not tell about this very folder. */
static void search_folder(struct search *s, int fd, const char *prefix, unsigned depth, bool asked)
{
    struct entries es = {0};
    DIR *dir = fdopendir(fd);
    if (!dir) {
        add_error(s, prefix, strerror(errno));
        close(fd);
        return;
    }
    int error = read_entries(s, &es, prefix, dir);
    if (error)
        add_error(s, prefix, strerror(error));
    if (!es.has_git || asked || !search_with_git(s, prefix))
        search_entries(s, &es, dirfd(dir), prefix, depth);
    closedir(dir);
}

void walk_dir(struct walk *w, const struct walk_place *place)
{
    struct search s = {.walk = w, .place = place};
    bool git = place->real && git_root(w->arena, place->real);
    if (git && search_with_git(&s, place->prefix))
        return;
    int fd = sys_openat(AT_FDCWD, *place->prefix ? place->prefix : ".",
                        O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    if (fd < 0)
        add_error(&s, place->prefix, strerror(errno));
    else
        search_folder(&s, fd, place->prefix, 0, git);
}
