/* The walk stays on one file system, follows no link and ends somewhere. */
#include "probe/still.h"

#include <linux/fcntl.h>
#include <linux/stat.h>

#include "probe/folder.h"
#include "probe/text.h"

enum { DEPTH = 64, PATH = 4096, ENTRIES = 4000000, GROUPS = 256 };

struct walk {
    struct folder folders[DEPTH];
    unsigned lengths[DEPTH]; /* of `path` above each */
    unsigned depth;
    unsigned entries;
    uint64_t device;
    char path[PATH];
};

static int look(const char *path, int flags, struct statx *st)
{
    long error = sys_6(__NR_statx, AT_FDCWD, (long)path, flags | AT_NO_AUTOMOUNT, STATX_BASIC_STATS,
                       (long)st, 0);
    return error ? -1 : 0;
}

static uint64_t device(const struct statx *st)
{
    return (uint64_t)st->stx_dev_major << 32 | st->stx_dev_minor;
}

static void put_setid(const char *path, const struct statx *st)
{
    put("setid ");
    put_number(st->stx_mode & 07777, 8, 4);
    put(" ");
    put_number(st->stx_uid, 10, 1);
    put(" ");
    put_number(st->stx_gid, 10, 1);
    put(" ");
    put_name(path);
    put("\n");
}

static int enter(struct walk *w, unsigned length)
{
    if (w->depth >= DEPTH || folder_open(&w->folders[w->depth], w->path))
        return 0;
    w->lengths[w->depth++] = length;
    return 1;
}

static void see(struct walk *w, const char *name)
{
    struct statx st;
    unsigned length = w->lengths[w->depth - 1];
    w->path[length] = 0;
    if (!text_path(w->path + length, PATH - length, length > 1 ? "/" : "", name))
        return;
    if (look(w->path, AT_SYMLINK_NOFOLLOW, &st))
        return;
    if ((st.stx_mode & S_IFMT) == S_IFREG && (st.stx_mode & (S_ISUID | S_ISGID)))
        put_setid(w->path, &st);
    if ((st.stx_mode & S_IFMT) == S_IFDIR && device(&st) == w->device)
        enter(w, (unsigned)text_length(w->path));
}

static void find_setid(void)
{
    static struct walk w;
    struct statx st;
    w.path[0] = '/';
    if (look("/", 0, &st) || !enter(&w, 1))
        return;
    w.device = device(&st);
    while (w.depth) {
        struct folder *f = &w.folders[w.depth - 1];
        const char *name = w.entries++ < ENTRIES ? folder_next(f) : NULL;
        if (name) {
            see(&w, name);
        } else {
            folder_close(f);
            w.depth--;
        }
    }
}

static void find_shells(void)
{
    static const char *const shells[] = {"/bin/sh",     "/bin/bash",    "/bin/ash",
                                         "/bin/dash",   "/usr/bin/sh",  "/usr/bin/bash",
                                         "/busybox/sh", "/bin/busybox", "/bin/zsh"};
    for (unsigned i = 0; i < sizeof shells / sizeof *shells; i++)
        if (SYS(__NR_faccessat, AT_FDCWD, shells[i], 1, 0) == 0) {
            put("shell ");
            put(shells[i]);
            put("\n");
        }
}

void still_look(void)
{
    find_setid();
    find_shells();
}

/* Links lead where they lead in the image: we are in it. */
static const char *kind_of(const char *path)
{
    static struct folder f;
    struct statx st;
    if (look(path, 0, &st))
        return "none";
    if ((st.stx_mode & S_IFMT) != S_IFDIR)
        return "file";
    if (folder_open(&f, path))
        return "closed";
    const char *first = folder_next(&f);
    folder_close(&f);
    return first ? "full" : "empty";
}

void still_folder(const char *path)
{
    put("folder ");
    put(kind_of(path));
    put(" ");
    put_name(path);
    put("\n");
}

void still_self(void)
{
    static uint32_t groups[GROUPS];
    long n = SYS(__NR_getgroups, GROUPS, groups, 0, 0);
    put("self uid ");
    put_number((uint64_t)SYS(__NR_geteuid, 0, 0, 0, 0), 10, 1);
    put(" gid ");
    put_number((uint64_t)SYS(__NR_getegid, 0, 0, 0, 0), 10, 1);
    put(" groups");
    for (long i = 0; i < n; i++) {
        put(" ");
        put_number(groups[i], 10, 1);
    }
    put("\n");
}
