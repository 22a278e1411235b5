/*
 * A path is walked component by component with O_NOFOLLOW, so that a link that somebody puts into
 * a tree while we work can't lead out of it. The file itself is looked at before it is opened:
 * opening a device or a FIFO can block or do things, looking can't.
 */
#include "base/io.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>

#include "base/sys.h"
#include "base/utf8.h"

enum { DIR_FLAGS = O_PATH | O_DIRECTORY | O_CLOEXEC, CHUNK = 64 << 10 };

struct io_path io_path_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return (struct io_path){path, slash ? (size_t)(slash - path) + 1 : 0};
}

const char *io_not_regular(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFREG:
        return NULL;
    case S_IFDIR:
        return "is a directory";
    case S_IFLNK:
        return "is a symbolic link, and links are not followed";
    case S_IFIFO:
        return "is a named pipe";
    case S_IFSOCK:
        return "is a socket";
    case S_IFCHR:
    case S_IFBLK:
        return "is a device";
    default:
        return "is not a regular file";
    }
}

/* Opens one component, given as a slice, below `dir`, which is closed. */
static int step(int dir, struct str name, int flags)
{
    char z[NAME_MAX + 1];
    int fd = -1;
    if (name.n > NAME_MAX) {
        errno = ENAMETOOLONG;
    } else {
        memcpy(z, name.p, name.n);
        z[name.n] = 0;
        fd = sys_openat(dir, z, flags, 0);
    }
    int error = errno;
    if (dir != AT_FDCWD)
        close(dir);
    errno = error;
    return fd;
}

static int open_trusted(struct str prefix)
{
    char z[PATH_MAX];
    if (!prefix.n)
        return sys_openat(AT_FDCWD, ".", DIR_FLAGS, 0);
    if (prefix.n >= sizeof z) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(z, prefix.p, prefix.n);
    z[prefix.n] = 0;
    return sys_openat(AT_FDCWD, z, DIR_FLAGS, 0);
}

int io_open_parent(struct io_path path, const char **base)
{
    const char *slash = strrchr(path.path, '/');
    *base = slash ? slash + 1 : path.path;
    size_t end = slash ? (size_t)(slash - path.path) + 1 : 0;
    size_t trusted = path.trusted < end ? path.trusted : end;
    if (!trusted && path.path[0] == '/')
        trusted = 1;
    struct str rest = str_make(path.path + trusted, end - trusted), part;
    int dir = open_trusted(str_make(path.path, trusted));
    while (dir >= 0 && str_split(&rest, '/', &part))
        if (part.n)
            dir = step(dir, part, DIR_FLAGS | O_NOFOLLOW);
    return dir;
}

static const char *quoted(struct arena *a, const char *path)
{
    return utf8_safe(a, str_of(path), 0).p;
}

static struct io_error failed(struct arena *a, enum io_status status, const char *path,
                              const char *why)
{
    return (struct io_error){status, str_fmt(a, "cannot read '%s': %s", quoted(a, path), why).p};
}

static struct io_error failed_errno(struct arena *a, const char *path, int error)
{
    if (error == ELOOP)
        return failed(a, IO_NOT_REGULAR, path, "a symbolic link is on the way to it");
    /* Without O_NOFOLLOW's ELOOP: a link where O_DIRECTORY wants a folder. */
    if (error == ENOTDIR)
        return failed(a, IO_MISSING, path, "a part of the path is not a directory");
    return failed(a, error == ENOENT ? IO_MISSING : IO_FAILED, path, strerror(error));
}

static struct io_error too_big(struct arena *a, const char *path, size_t cap)
{
    const char *unit = cap >= 1 << 20 ? "MiB" : "bytes";
    size_t n = cap >= 1 << 20 ? cap >> 20 : cap;
    return failed(a, IO_TOO_BIG, path, str_fmt(a, "larger than %zu %s", n, unit).p);
}

/* Whether a call that failed is worth another try. A parent may have made its end of a pipe, which
 * is ours too, non-blocking: then we wait here. */
static bool try_again(int fd)
{
    int error = errno;
    if (error == EAGAIN)
        poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, -1);
    return error == EAGAIN || error == EINTR;
}

/* Reads to the end, at most cap + 1 bytes, so that the caller sees what is too much. The bytes are
 * those of one arena allocation. 0 or an errno. */
static int read_all(struct arena *a, int fd, size_t guess, size_t cap, struct str *out)
{
    size_t room = (guess < cap ? guess : cap) + 1, n = 0;
    char *p = arena_bytes(a, room);
    for (;;) {
        if (n == room) {
            size_t more = room < cap / 2 ? (room < CHUNK ? CHUNK : room * 2) : cap + 1;
            p = arena_grow(a, p, room, more);
            room = more;
        }
        ssize_t got = sys_read(fd, p + n, room - n);
        if (got < 0 && try_again(fd))
            continue;
        if (got < 0)
            return errno;
        n += (size_t)got;
        if (got == 0 || n > cap)
            break;
    }
    *out = str_make(p, n);
    return 0;
}

static struct io_error read_open(struct arena *a, int fd, const char *path, size_t cap,
                                 struct io_file *out)
{
    if (sys_fstat(fd, &out->st))
        return failed_errno(a, path, errno);
    const char *odd = io_not_regular(out->st.st_mode);
    if (odd)
        return failed(a, IO_NOT_REGULAR, path, odd);
    if ((uintmax_t)out->st.st_size > cap)
        return too_big(a, path, cap);
    int error = read_all(a, fd, (size_t)out->st.st_size, cap, &out->bytes);
    if (error)
        return failed_errno(a, path, error);
    if (out->bytes.n > cap)
        return too_big(a, path, cap);
    return (struct io_error){IO_OK, NULL};
}

static struct io_error read_at(struct arena *a, int dir, const char *base, const char *path,
                               size_t cap, struct io_file *out)
{
    struct stat st;
    if (fstatat(dir, base, &st, AT_SYMLINK_NOFOLLOW))
        return failed_errno(a, path, errno);
    const char *odd = io_not_regular(st.st_mode);
    if (odd)
        return failed(a, IO_NOT_REGULAR, path, odd);
    int fd = sys_openat(dir, base, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
    if (fd < 0)
        return failed_errno(a, path, errno);
    struct io_error e = read_open(a, fd, path, cap, out);
    close(fd);
    return e;
}

struct io_error io_read(struct arena *a, struct io_path path, size_t cap, struct io_file *out)
{
    const char *base;
    *out = (struct io_file){.bytes = STR_NULL};
    int dir = io_open_parent(path, &base);
    if (dir < 0)
        return failed_errno(a, path.path, errno);
    struct io_error e = *base ? read_at(a, dir, base, path.path, cap, out)
                              : failed(a, IO_NOT_REGULAR, path.path, "is a directory");
    close(dir);
    return e;
}

struct io_error io_read_fd(struct arena *a, int fd, const char *name, size_t cap, struct str *out)
{
    int error = read_all(a, fd, CHUNK, cap, out);
    if (error)
        return failed_errno(a, name, error);
    if (out->n > cap)
        return too_big(a, name, cap);
    return (struct io_error){IO_OK, NULL};
}
