/* The file has no name from its first moment on, so nothing is left behind however the run ends. */
#include "base/spool.h"

#include <errno.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/sys.h"

enum { IN_MEMORY = 1 << 20, CHUNK = 64 << 10 };

struct spool {
    struct arena *arena;
    struct buf memory;
    size_t in_file;
    int fd; /* -1: there is no file yet */
    int error;
};

struct spool *spool_new(struct arena *a)
{
    struct spool *s = arena_new(a, struct spool);
    *s = (struct spool){.arena = a, .memory = buf_in(a), .fd = -1};
    return s;
}

/* A name is needed only where the file system can't do without. */
static int open_file(struct arena *a)
{
    const char *dir = getenv("TMPDIR");
    if (!dir || !*dir)
        dir = "/tmp";
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT))
        return fd;
    char *name = (char *)str_fmt(a, "%s/unroot-XXXXXX", dir).p;
    fd = mkostemp(name, O_CLOEXEC);
    if (fd >= 0)
        unlink(name);
    return fd;
}

static void add_to_file(struct spool *s, struct str bytes)
{
    if (s->fd < 0)
        s->fd = open_file(s->arena);
    if (s->fd < 0)
        s->error = errno;
    while (bytes.n && !s->error) {
        ssize_t done = sys_write(s->fd, bytes.p, bytes.n);
        if (done < 0 && errno != EINTR)
            s->error = errno;
        if (done <= 0)
            continue;
        bytes = str_from(bytes, (size_t)done);
        s->in_file += (size_t)done;
    }
}

void spool_add(struct spool *s, struct str bytes)
{
    if (s->error)
        return;
    if (s->fd < 0 && bytes.n <= IN_MEMORY - s->memory.n)
        buf_add(&s->memory, bytes);
    else
        add_to_file(s, bytes);
}

int spool_replay(struct spool *s, void (*write)(void *ctx, struct str bytes), void *ctx)
{
    char *chunk = s->in_file ? arena_bytes(s->arena, CHUNK) : NULL;
    if (s->error)
        return s->error;
    write(ctx, buf_str(&s->memory));
    for (size_t at = 0; at < s->in_file && !s->error;) {
        ssize_t got = pread(s->fd, chunk, CHUNK, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            s->error = got ? errno : EIO;
            break;
        }
        write(ctx, str_make(chunk, (size_t)got));
        at += (size_t)got;
    }
    return s->error;
}

void spool_free(struct spool *s)
{
    if (s->fd >= 0)
        sys_close(s->fd);
    s->fd = -1;
}
