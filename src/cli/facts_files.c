/* A folder without a single *.yaml is taken for a slip of the pen, not for no facts. */
#include "cli/facts_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "base/sys.h"
#include "base/utf8.h"

enum { FILE_MAX = 1 << 20 };

static const char *failed(struct arena *a, const char *path, const char *why)
{
    return str_fmt(a, "cannot read '%s': %s", utf8_safe(a, str_of(path), 0).p, why).p;
}

static const char *add_file(struct facts_files *f, struct arena *a, struct io_path path)
{
    struct io_file file;
    struct io_error e = io_read(a, path, FILE_MAX, &file);
    if (e.message)
        return e.message;
    *vec_push(a, &f->files) = (struct facts_file){path.path, file.bytes};
    return NULL;
}

static int compare_names(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

struct names {
    VEC(const char *) list;
};

static const char *read_names(struct names *n, struct arena *a, int dir, const char *path)
{
    struct dirent *e;
    int fd = sys_openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    if (!d)
        return failed(a, path, strerror(errno));
    while ((e = readdir(d)))
        if (str_ends(str_of(e->d_name), STR(".yaml")) && e->d_name[0] != '.')
            *vec_push(a, &n->list) = str_dup(a, str_of(e->d_name)).p;
    closedir(d);
    if (!n->list.n)
        return failed(a, path, "no *.yaml in it");
    qsort(n->list.v, n->list.n, sizeof *n->list.v, compare_names);
    return NULL;
}

/* `path` ends with a slash. */
static const char *add_folder(struct facts_files *f, struct arena *a, struct io_path path)
{
    struct names names = {0};
    const char *base;
    int dir = io_open_parent(path, &base);
    if (dir < 0)
        return failed(a, path.path, strerror(errno));
    const char *error = read_names(&names, a, dir, path.path);
    close(dir);
    for (size_t i = 0; !error && i < names.list.n; i++) {
        struct str file = str_cat(a, str_of(path.path), str_of(names.list.v[i]));
        error = add_file(f, a, (struct io_path){file.p, path.trusted});
    }
    return error;
}

const char *facts_files_add(struct facts_files *f, struct arena *a, struct io_path path)
{
    struct stat st;
    const char *base;
    int dir = io_open_parent(path, &base);
    if (dir < 0)
        return failed(a, path.path, strerror(errno));
    bool folder =
        !*base || (fstatat(dir, base, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode));
    close(dir);
    if (!folder)
        return add_file(f, a, path);
    if (*base)
        path.path = str_cat(a, str_of(path.path), STR("/")).p;
    return add_folder(f, a, path);
}
