/* Plain system calls; only reading goes through base/io.h, which knows what a regular file is. */
#include "tests/support/files.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/vec.h"

enum { FILE_CAP = 4 << 20 };

const char *files_path(struct arena *a, const char *dir, const char *rest)
{
    return str_fmt(a, "%s/%s", dir, rest).p;
}

bool files_read(struct arena *a, const char *path, struct str *out)
{
    struct io_file file;
    struct io_error e = io_read(a, io_path_of(path), FILE_CAP, &file);
    *out = e.status == IO_OK ? file.bytes : STR("");
    return e.status == IO_OK;
}

void files_write(const char *path, struct str bytes)
{
    FILE *f = fopen(path, "wb");
    bool good = f && fwrite(bytes.p ? bytes.p : "", 1, bytes.n, f) == bytes.n;
    if (!f || fclose(f) != 0 || !good) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(2);
    }
}

void files_mkdir(const char *path)
{
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(2);
    }
}

static int by_name(const struct dirent **x, const struct dirent **y)
{
    return strcmp((*x)->d_name, (*y)->d_name);
}

/* The names in a folder, sorted; false when it cannot be read. */
bool files_list(struct arena *a, const char *path, struct strs *out)
{
    struct dirent **list;
    int n = scandir(path, &list, NULL, by_name);
    for (int i = 0; i < n; i++) {
        if (strcmp(list[i]->d_name, ".") != 0 && strcmp(list[i]->d_name, "..") != 0)
            *vec_push(a, out) = str_dup(a, str_of(list[i]->d_name));
        free(list[i]);
    }
    if (n >= 0)
        free(list);
    return n >= 0;
}

bool files_is_dir(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st, (void)type, (void)at;
    return remove(path);
}

void files_remove_tree(const char *path)
{
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void add_tree(struct arena *a, const char *root, const char *below, struct strs *out)
{
    struct strs names = {0};
    files_list(a, str_fmt(a, "%s/%s", root, below).p, &names);
    for (size_t i = 0; i < names.n; i++) {
        const char *path = *below ? files_path(a, below, names.v[i].p) : names.v[i].p;
        if (files_is_dir(files_path(a, root, path)))
            add_tree(a, root, path, out);
        else
            *vec_push(a, out) = str_of(path);
    }
}

void files_tree(struct arena *a, const char *path, struct strs *out)
{
    if (files_is_dir(path))
        add_tree(a, path, "", out);
}

void files_write_deep(struct arena *a, const char *path, struct str bytes)
{
    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/'))
        files_mkdir(str_z(a, str_make(path, (size_t)(slash - path))));
    files_write(path, bytes);
}
