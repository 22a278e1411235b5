/*
 * Copying goes by descriptors and never by a path from the top: what somebody puts in a folder's
 * place meanwhile can't lead us elsewhere. What is neither file, folder nor link is left out, as
 * builders leave it out.
 */
#include "verify/workdir.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "base/sys.h"

enum {
    DEPTH = 100,
    ENTRIES = 2000000,
    BLOCK = 64 << 10,
    FOLDER_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
};

#define BYTES_MAX ((uint64_t)8 << 30)

struct copy {
    struct arena *arena;
    bool (*skip)(void *ctx, const char *path, bool folder);
    void *ctx;
    uint64_t bytes;
    size_t entries;
    char path[PATH_MAX]; /* from the top, for skip() and for messages */
    char *block;
    const char *wrong;
};

static const char *failed(struct arena *a, const char *what, const char *path, int error)
{
    return str_fmt(a, "cannot %s '%s': %s", what, path, strerror(error)).p;
}

/* ---- the folder itself ---------------------------------------------------------------------- */

const char *workdir_make(struct workdir *w, struct arena *a)
{
    const char *top = getenv("TMPDIR");
    if (!top || top[0] != '/')
        top = "/tmp";
    char *path = (char *)str_fmt(a, "%s/unroot-verify-XXXXXX", top).p;
    *w = (struct workdir){.arena = a};
    if (!mkdtemp(path))
        return failed(a, "make a temporary folder in", top, errno);
    w->path = path;
    return NULL;
}

/* ---- writing -------------------------------------------------------------------------------- */

static int write_all(int fd, struct str bytes)
{
    while (bytes.n) {
        ssize_t n = sys_write(fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? errno : EIO;
        bytes = str_from(bytes, (size_t)n);
    }
    return 0;
}

static const char *full(struct workdir *w, const char *path)
{
    return str_fmt(w->arena, "%s/%s", w->path, path).p;
}

static void make_parents(struct workdir *w, const char *path)
{
    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/'))
        mkdir(full(w, str_z(w->arena, str_make(path, (size_t)(slash - path)))), 0755);
}

const char *workdir_write(struct workdir *w, const char *path, struct str bytes)
{
    make_parents(w, path);
    const char *whole = full(w, path);
    int fd =
        sys_openat(AT_FDCWD, whole, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    int error = fd < 0 ? errno : write_all(fd, bytes);
    if (fd >= 0 && sys_close(fd) && !error)
        error = errno;
    return error ? failed(w->arena, "write", whole, error) : NULL;
}

const char *workdir_replace(struct workdir *w, const char *path, struct str bytes)
{
    const char *base;
    struct io_path where = {full(w, path), strlen(w->path) + 1};
    int dir = io_open_parent(where, &base);
    if (dir < 0)
        return failed(w->arena, "write", where.path, errno);
    int fd = sys_openat(dir, base, O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0);
    int error = fd < 0 ? errno : write_all(fd, bytes);
    if (fd >= 0 && sys_close(fd) && !error)
        error = errno;
    close(dir);
    return error ? failed(w->arena, "write", where.path, error) : NULL;
}

/* ---- copying -------------------------------------------------------------------------------- */

static void wrong(struct copy *c, const char *what, int error)
{
    if (!c->wrong)
        c->wrong = failed(c->arena, what, *c->path ? c->path : ".", error);
}

static int copy_bytes(struct copy *c, int from, int to)
{
    for (;;) {
        ssize_t n = sys_read(from, c->block, BLOCK);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? errno : 0;
        c->bytes += (uint64_t)n;
        if (c->bytes > BYTES_MAX)
            return EFBIG;
        int error = write_all(to, str_make(c->block, (size_t)n));
        if (error)
            return error;
    }
}

static void copy_file(struct copy *c, int from_dir, int to_dir, const char *name,
                      const struct stat *st)
{
    const struct timespec times[2] = {st->st_atim, st->st_mtim};
    int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    int from = sys_openat(from_dir, name, flags, 0);
    if (from < 0) {
        wrong(c, "read", errno);
        return;
    }
    int to = sys_openat(to_dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int error = to < 0 ? errno : copy_bytes(c, from, to);
    if (!error && (sys_fchmod(to, st->st_mode & 07777) || futimens(to, times)))
        error = errno;
    if (to >= 0 && sys_close(to) && !error)
        error = errno;
    close(from);
    if (error)
        wrong(c, "copy", error);
}

static void copy_link(struct copy *c, int from_dir, int to_dir, const char *name)
{
    char target[PATH_MAX];
    ssize_t n = readlinkat(from_dir, name, target, sizeof target - 1);
    if (n >= 0) {
        target[n] = 0;
        n = symlinkat(target, to_dir, name);
    }
    if (n < 0)
        wrong(c, "copy", errno);
}

static void copy_folder(struct copy *c, int from, int to, unsigned depth);

/* Opens the folder of this name on both sides, and copies what is in it. */
static void enter(struct copy *c, int from_dir, int to_dir, const char *name, const struct stat *st,
                  unsigned depth)
{
    const struct timespec times[2] = {st->st_atim, st->st_mtim};
    int from = sys_openat(from_dir, name, FOLDER_FLAGS, 0), to = -1;
    if (from >= 0 && mkdirat(to_dir, name, 0700) == 0)
        to = sys_openat(to_dir, name, FOLDER_FLAGS, 0);
    if (to < 0) {
        wrong(c, "copy", errno);
    } else {
        copy_folder(c, from, to, depth + 1);
        if (sys_fchmod(to, st->st_mode & 07777) || futimens(to, times))
            wrong(c, "copy", errno);
        close(to);
    }
    if (from >= 0)
        close(from);
}

static void copy_entry(struct copy *c, int from, int to, const char *name, unsigned depth)
{
    struct stat st;
    if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW)) {
        wrong(c, "read", errno);
        return;
    }
    if (c->skip && c->skip(c->ctx, c->path, S_ISDIR(st.st_mode)))
        return;
    if (S_ISREG(st.st_mode))
        copy_file(c, from, to, name, &st);
    else if (S_ISLNK(st.st_mode))
        copy_link(c, from, to, name);
    else if (S_ISDIR(st.st_mode))
        enter(c, from, to, name, &st, depth);
}

/* `from` and `to` stay the caller's. */
static void copy_folder(struct copy *c, int from, int to, unsigned depth)
{
    size_t length = strlen(c->path);
    int own = fcntl(from, F_DUPFD_CLOEXEC, 3);
    DIR *dir = own < 0 ? NULL : fdopendir(own);
    const struct dirent *entry;
    if (!dir || depth > DEPTH) {
        wrong(c, "read", dir ? ELOOP : errno);
        if (dir)
            closedir(dir);
        else if (own >= 0)
            close(own);
        return;
    }
    while (!c->wrong && (entry = readdir(dir))) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        if (++c->entries > ENTRIES || length + strlen(name) + 2 > sizeof c->path) {
            wrong(c, "copy all of", EFBIG);
            break;
        }
        snprintf(c->path + length, sizeof c->path - length, "%s%s", length ? "/" : "", name);
        copy_entry(c, from, to, name, depth);
        if (!c->wrong) /* else it is what went wrong */
            c->path[length] = 0;
    }
    closedir(dir);
}

/* The folder's descriptor, or -1. */
static int open_folder(struct arena *a, const char *path, size_t trusted)
{
    const char *base;
    if (!*path)
        return sys_openat(AT_FDCWD, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    struct io_path inside = {str_fmt(a, "%s/", path).p, trusted};
    int parent = io_open_parent(inside, &base);
    if (parent < 0)
        return -1;
    int fd = sys_openat(parent, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    close(parent);
    return fd;
}

const char *workdir_copy(struct workdir *w, const char *from, size_t trusted, const char *to,
                         bool (*skip)(void *ctx, const char *path, bool folder), void *ctx)
{
    struct copy *c = arena_new(w->arena, struct copy);
    c->arena = w->arena;
    c->skip = skip;
    c->ctx = ctx;
    c->block = arena_bytes(w->arena, BLOCK);
    int source = open_folder(w->arena, from, trusted), target = -1;
    if (source >= 0 && mkdir(full(w, to), 0755) == 0)
        target = sys_openat(AT_FDCWD, full(w, to), FOLDER_FLAGS, 0);
    if (target < 0)
        wrong(c, "copy", errno);
    else
        copy_folder(c, source, target, 0);
    if (source >= 0)
        close(source);
    if (target >= 0)
        close(target);
    return c->wrong;
}

/* ---- removing ------------------------------------------------------------------------------- */

static void remove_in(int dir, const char *name, unsigned depth, int *error)
{
    if (unlinkat(dir, name, 0) == 0 || depth > DEPTH + 2)
        return;
    fchmodat(dir, name, 0700, 0); /* a folder that was copied may be closed to its owner */
    int fd = sys_openat(dir, name, FOLDER_FLAGS, 0);
    DIR *list = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    if (!list) {
        *error = errno;
        if (fd >= 0)
            close(fd);
        return;
    }
    while ((entry = readdir(list)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            remove_in(fd, entry->d_name, depth + 1, error);
    closedir(list);
    if (unlinkat(dir, name, AT_REMOVEDIR))
        *error = errno;
}

const char *workdir_remove(struct workdir *w)
{
    int error = 0;
    if (!w->path)
        return NULL;
    remove_in(AT_FDCWD, w->path, 0, &error);
    const char *path = w->path;
    w->path = NULL;
    return error ? failed(w->arena, "remove", path, error) : NULL;
}
