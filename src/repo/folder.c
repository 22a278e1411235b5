/*
 * Every path is walked from the folder down with O_NOFOLLOW (base/io), whatever the Dockerfile
 * says: a link in a stranger's tree can't lead out of it.
 */
#include "repo/folder.h"

#include <dirent.h>
#include <errno.h>

#include "base/sys.h"

struct io_path folder_file(struct arena *a, const struct folder *f, const char *path)
{
    struct str whole = str_fmt(a, "%s%s", f->path, path);
    return (struct io_path){whole.p, f->trusted};
}

/* 0, or an errno. "" is the folder itself. */
static int stat_in(struct folder *f, const char *path, struct stat *st)
{
    const char *base;
    if (!*path) {
        const char *self = *f->path ? f->path : ".";
        return stat(self, st) ? errno : 0;
    }
    int dir = io_open_parent(folder_file(&f->arena, f, path), &base);
    if (dir < 0)
        return errno;
    int error = fstatat(dir, base, st, AT_SYMLINK_NOFOLLOW) ? errno : 0;
    close(dir);
    return error;
}

static enum ur_entry look(void *ctx, const char *path, unsigned *mode, size_t *size)
{
    struct stat st;
    int error = stat_in(ctx, path, &st);
    if (error == ENOENT)
        return UR_ENTRY_NONE;
    if (error) /* a part of the path is a link, or no folder */
        return UR_ENTRY_UNKNOWN;
    *mode = st.st_mode & 07777;
    *size = (size_t)st.st_size;
    return S_ISREG(st.st_mode)   ? UR_ENTRY_FILE
           : S_ISDIR(st.st_mode) ? UR_ENTRY_FOLDER
           : S_ISLNK(st.st_mode) ? UR_ENTRY_LINK
                                 : UR_ENTRY_OTHER;
}

static int read_file(void *ctx, const char *path, size_t cap, const char **bytes, size_t *size)
{
    struct folder *f = ctx;
    struct io_file file;
    arena_reset(&f->arena);
    struct io_error e = io_read(&f->arena, folder_file(&f->arena, f, path), cap, &file);
    if (e.message)
        return -1;
    *bytes = file.bytes.p ? file.bytes.p : "";
    *size = file.bytes.n;
    return 0;
}

static int list(void *ctx, const char *path, void (*each)(void *each_ctx, const char *name),
                void *each_ctx)
{
    struct folder *f = ctx;
    const char *base;
    arena_reset(&f->arena);
    /* a path that ends in a slash has its folder for parent */
    struct str whole = str_fmt(&f->arena, "%s%s%s", f->path, path, *path ? "/" : "");
    int parent = io_open_parent((struct io_path){whole.p, f->trusted}, &base);
    int fd = parent < 0 ? -1 : sys_openat(parent, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    if (parent >= 0)
        close(parent);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    const struct dirent *entry;
    errno = 0;
    while ((entry = readdir(dir)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            each(each_ctx, entry->d_name);
    int error = errno;
    closedir(dir);
    return error ? -1 : 0;
}

struct ur_context folder_context(struct folder *f)
{
    return (struct ur_context){
        .ctx = f, .prefix = f->prefix, .look = look, .read = read_file, .list = list};
}

void folder_release(struct folder *f)
{
    arena_release(&f->arena);
}
