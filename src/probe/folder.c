#include "probe/folder.h"

#include <linux/fcntl.h>

#include "probe/text.h"

/* struct linux_dirent64, which no header of the kernel has. */
struct entry {
    uint64_t inode;
    int64_t next;
    unsigned short size;
    unsigned char type;
    char name[];
};

int folder_open(struct folder *f, const char *path)
{
    f->fd = (int)SYS(__NR_openat, AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    f->at = f->n = 0;
    return f->fd < 0 ? -1 : 0;
}

const char *folder_next(struct folder *f)
{
    for (;;) {
        if (f->at >= f->n) {
            long got = SYS(__NR_getdents64, f->fd, f->block, sizeof f->block, 0);
            if (got <= 0)
                return NULL;
            f->n = (unsigned)got;
            f->at = 0;
        }
        const struct entry *e = (const void *)(f->block + f->at);
        f->at += e->size;
        const char *name = e->name;
        if (name[0] != '.' || (name[1] && (name[1] != '.' || name[2])))
            return name;
    }
}

void folder_close(struct folder *f)
{
    SYS(__NR_close, f->fd, 0, 0, 0);
}
