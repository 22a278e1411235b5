/*
 * --in-place: the files of a work tree are replaced as `unroot fix` does it. The rewrite comes from
 * the commit, so what lies on the disk must be what was committed; git says whether anything is
 * not. Filters are switched off for the question, because they are programs that a repository may
 * name: then a file that was touched and has one counts as changed.
 */
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/utf8.h"
#include "cli/migrate.h"
#include "cli/writes.h"

enum { STATUS_MAX = 16 << 20 };

static bool collect(void *ctx, struct str bytes)
{
    struct buf *b = ctx;
    buf_add(b, bytes);
    return b->n < STATUS_MAX;
}

/* ---- asking git ---- */

/* "filter.NAME.clean=" and its sisters for every filter that any configuration has. */
static const char *const *without_filters(struct migrate_repository *m)
{
    static const char *const args[] = {"config",       "-z",         "--name-only",
                                       "--get-regexp", "^filter\\.", NULL};
    struct arena *a = &m->arena;
    struct buf names = buf_in(a);
    struct git_call call = {.git_dir = m->place.git_dir, .args = args, .deadline = m->deadline};
    VEC(const char *) list = {0};
    git_call(a, &call, collect, &names);
    struct str rest = buf_str(&names), name;
    while (str_split(&rest, 0, &name)) {
        bool flag = str_ends(name, STR(".required"));
        /* a name with '=' can't be said so; git takes the part before it for another one */
        if (name.n && str_chr(name, '=') < 0)
            *vec_push(a, &list) = str_fmt(a, "%.*s=%s", STR_ARG(name), flag ? "false" : "").p;
    }
    *vec_push(a, &list) = "submodule.recurse=false";
    *vec_push(a, &list) = NULL;
    return list.v;
}

/* A temporary file of base/temp. */
static bool is_left_over(const char *name)
{
    struct str s = str_of(name);
    return s.n == 38 && str_starts(s, STR(".u")) && str_ends(s, STR(".tmp"));
}

static bool is_changed(const struct migrate_files *f, struct str path)
{
    VEC_EACH (c, &f->changes)
        if (str_eq(c->path, path))
            return true;
    return false;
}

/* A file that an earlier run has written, or has begun to, is no change of the user's. */
static bool is_ours(struct migrate_repository *m, struct str entry, bool again)
{
    struct str path = str_from(entry, 3), name = str_basename(path);
    if (!again || entry.n < 4)
        return false;
    if (str_starts(entry, STR("?? ")))
        return is_left_over(str_z(&m->arena, name));
    return str_starts(entry, STR(" M ")) && is_changed(&m->made, path);
}

static const char *check_clean(struct migrate_repository *m, bool again)
{
    struct arena *a = &m->arena;
    const char *tree = str_fmt(a, "--work-tree=%s", m->place.work_tree).p;
    const char *args[] = {tree, "status", "--porcelain", "-z", "--ignore-submodules=all", NULL};
    struct buf out = buf_in(a);
    struct git_call call = {.git_dir = m->place.git_dir,
                            .settings = without_filters(m),
                            .args = args,
                            .deadline = m->deadline};
    struct git_end end = git_call(a, &call, collect, &out);
    if (!end.ran || end.code)
        return git_refusal(a, &end);
    struct str rest = buf_str(&out), entry;
    while (str_split(&rest, 0, &entry))
        if (entry.n && !is_ours(m, entry, again))
            return str_fmt(a, "it has changes that are not committed: '%.*s'",
                           STR_ARG(utf8_safe(a, str_from(entry, 3), 0)))
                .p;
    return NULL;
}

/* What is checked out must be what was read. */
static const char *check_head(struct migrate_repository *m)
{
    struct odb_object head;
    if (!odb_read(&m->objects, &m->arena, "HEAD^{commit}", 16 << 20, &head))
        return "the time limit was reached";
    if (!str_eq(head.id, m->base.id))
        return "another branch is checked out than the one that is read: say --branch";
    return NULL;
}

/* ---- writing ---- */

/* Temporary files of a run that was killed, beside what is written. */
static void remove_left_overs(struct migrate_repository *m)
{
    VEC_EACH (c, &m->made.changes) {
        struct str folder = str_sub(c->path, 0, (size_t)(str_rchr(c->path, '/') + 1));
        struct str path = str_fmt(&m->arena, "%s/%.*s.", m->place.work_tree, STR_ARG(folder));
        const char *base;
        int parent =
            io_open_parent((struct io_path){path.p, strlen(m->place.work_tree) + 1}, &base);
        int fd = parent < 0 ? -1 : openat(parent, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *dir = fd < 0 ? NULL : fdopendir(fd);
        for (struct dirent *e; dir && (e = readdir(dir));)
            if (is_left_over(e->d_name))
                unlinkat(fd, e->d_name, 0);
        if (dir)
            closedir(dir);
        if (parent >= 0)
            close(parent);
    }
}

static void note_failure(void *ctx, const char *message, size_t n)
{
    (void)n;
    *(const char **)ctx = message;
}

static const char *write_all(struct migrate_repository *m)
{
    struct arena *a = &m->arena;
    struct writes writes = {.arena = a};
    struct write_item item = {0};
    const char *failure = NULL;
    VEC_EACH (c, &m->made.changes) {
        struct str path = str_fmt(a, "%s/%.*s", m->place.work_tree, STR_ARG(c->path));
        *vec_push(a, &item) = (struct write_file){
            .path = {path.p, strlen(m->place.work_tree) + 1},
            .name = cli_quote(a, path.p),
            .was = c->was,
            .bytes = c->bytes,
        };
    }
    writes_add(&writes, &item);
    writes_finish(&writes, note_failure, &failure);
    return failure;
}

const char *migrate_in_place(struct migrate_repository *m, bool again)
{
    const char *wrong = check_head(m);
    if (!wrong)
        wrong = check_clean(m, again);
    if (wrong)
        return wrong;
    if (again)
        remove_left_overs(m);
    return write_all(m);
}
