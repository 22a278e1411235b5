/*
 * Three kinds of destination: standard output; a regular file, written under a temporary name; and
 * anything else that has a name (a device, a pipe), which is opened and written to.
 */
#include "cli/out.h"

#include <errno.h>
#include <poll.h>

#include "base/io.h"
#include "base/sys.h"
#include "base/temp.h"

enum { BUFFER = 64 << 10 };

struct out {
    const struct cli *cli;
    const char *path; /* NULL: standard output */
    const char *base;
    int fd, dir;
    bool renames; /* there is a temporary file */
    struct temp temp;
    int error; /* an errno, the first that happened */
    size_t n;
    char buffer[BUFFER];
};

static const char *name_of(const struct out *o)
{
    return o->path ? str_fmt(o->cli->arena, "'%s'", cli_quote(o->cli->arena, o->path)).p
                   : "standard output";
}

static void say(const struct out *o, const char *why)
{
    cli_error(o->cli, "cannot write to %s: %s", name_of(o), why);
}

/* A file that is there keeps its mode; a new one gets what the umask leaves. */
static int open_temp(struct out *o, const struct stat *there)
{
    int error = temp_open(&o->temp, o->dir, 0666);
    if (error)
        return error;
    o->renames = true;
    o->fd = o->temp.fd;
    if (there && sys_fchmod(o->fd, there->st_mode & 0777)) {
        error = errno;
        temp_discard(&o->temp);
    }
    return error;
}

/* NULL, or why not. */
static const char *open_file(struct out *o)
{
    struct stat target, entry;
    o->dir = io_open_parent(io_path_of(o->path), &o->base);
    if (o->dir < 0)
        return strerror(errno);
    bool there = fstatat(o->dir, o->base, &entry, AT_SYMLINK_NOFOLLOW) == 0;
    /* /dev/stdout is a link, and what it leads to is no file to be replaced. */
    if (there && stat(o->path, &target) == 0 && !S_ISREG(target.st_mode)) {
        o->fd = sys_openat(AT_FDCWD, o->path, O_WRONLY | O_NOCTTY | O_CLOEXEC, 0);
        return o->fd < 0 ? strerror(errno) : NULL;
    }
    if (there && S_ISLNK(entry.st_mode))
        return io_not_regular(entry.st_mode);
    int error = *o->base ? open_temp(o, there ? &entry : NULL) : EISDIR;
    return error ? strerror(error) : NULL;
}

struct out *out_open(const struct cli *c)
{
    return out_open_file(c, c->options->output);
}

struct out *out_open_file(const struct cli *c, const char *path)
{
    struct out *o = arena_new(c->arena, struct out);
    o->cli = c;
    o->dir = -1;
    o->fd = STDOUT_FILENO;
    o->path = path;
    const char *why = o->path ? open_file(o) : NULL;
    if (!why)
        return o;
    say(o, why);
    if (o->dir >= 0)
        close(o->dir);
    return NULL;
}

static void write_all(struct out *o, const char *p, size_t n)
{
    while (n && !o->error) {
        ssize_t done = sys_write(o->fd, p, n);
        /* Whoever shares the pipe with us may have made it non-blocking. */
        if (done < 0 && errno == EAGAIN)
            poll(&(struct pollfd){.fd = o->fd, .events = POLLOUT}, 1, -1);
        else if (done < 0 && errno != EINTR)
            o->error = errno;
        if (done > 0) {
            p += done;
            n -= (size_t)done;
        }
    }
}

void out_flush(struct out *o)
{
    write_all(o, o->buffer, o->n);
    o->n = 0;
}

void out_write(struct out *o, struct str bytes)
{
    if (bytes.n > BUFFER - o->n)
        out_flush(o);
    if (bytes.n > BUFFER) {
        write_all(o, bytes.p, bytes.n);
        return;
    }
    if (bytes.n)
        memcpy(o->buffer + o->n, bytes.p, bytes.n);
    o->n += bytes.n;
}

bool out_failed(const struct out *o)
{
    return o->error != 0;
}

bool out_is_terminal(const struct out *o)
{
    return isatty(o->fd);
}

static void finish_file(struct out *o)
{
    if (!o->error)
        o->error = temp_finish(&o->temp);
    if (o->error)
        temp_discard(&o->temp);
    else
        o->error = temp_commit(&o->temp, o->base);
}

bool out_close(struct out *o)
{
    out_flush(o);
    if (o->renames)
        finish_file(o);
    else if (sys_close(o->fd) && !o->error)
        o->error = errno;
    if (o->dir >= 0)
        close(o->dir);
    if (o->error && o->error != EPIPE)
        say(o, strerror(o->error));
    return !o->error;
}

void out_drop(struct out *o)
{
    if (o->renames)
        temp_discard(&o->temp);
    else
        sys_close(o->fd);
    if (o->dir >= 0)
        close(o->dir);
}
