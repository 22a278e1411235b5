/*
 * Replacing: the new content is written beside the old file, dressed with the old one's owner,
 * ACL, attributes and mode, put on the disk, and only then renamed over it. The target is compared
 * with what was read twice: before anything is written, and again right before the rename.
 *
 * A hard link is broken, not written through: the other names are outside of what we were asked to
 * change, and writing through would not be atomic.
 */
#include <errno.h>
#include <sys/xattr.h>

#include "base/io.h"
#include "base/sys.h"
#include "base/temp.h"
#include "base/utf8.h"

enum { CHUNK = 64 << 10, XATTR_MAX = 64 << 10 };

/* What the steps share. `why` is set where a step fails, else the errno tells. */
struct job {
    struct arena *arena;
    const char *path, *base;
    int dir;
    const struct io_file *old;
    struct str bytes;
    struct temp temp;
    enum io_status status;
    const char *why;
};

static bool fail(struct job *j, enum io_status status, const char *why)
{
    j->status = status;
    j->why = why;
    return false;
}

static bool fail_errno(struct job *j, const char *what, int error)
{
    const char *why = error == EBUSY ? "it is a mount point" : strerror(error);
    return fail(j, IO_FAILED, str_fmt(j->arena, "%s: %s", what, why).p);
}

static bool same_time(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/* The number of links and the time of the inode's last change are left out: when a hard link of
 * the same file is replaced beside us, they change. */
static bool same_stat(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_mode == b->st_mode &&
           a->st_uid == b->st_uid && a->st_gid == b->st_gid && a->st_size == b->st_size &&
           same_time(a->st_mtim, b->st_mtim);
}

/* The open file holds exactly these bytes. -1 when it can't be read. */
static int same_bytes(int fd, struct str want, char *block)
{
    for (;;) {
        ssize_t got = sys_read(fd, block, CHUNK);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if ((size_t)got > want.n || (got && memcmp(block, want.p, (size_t)got) != 0))
            return 0;
        if (got == 0)
            return want.n == 0;
        want = str_from(want, (size_t)got);
    }
}

static bool check_open(struct job *j, int fd)
{
    static const char changed[] = "it was changed by another program meanwhile";
    struct stat now;
    if (sys_fstat(fd, &now))
        return fail_errno(j, "cannot look at it again", errno);
    if (!same_stat(&now, &j->old->st))
        return fail(j, IO_CHANGED, changed);
    int same = same_bytes(fd, j->old->bytes, arena_bytes(j->arena, CHUNK));
    if (same < 0)
        return fail_errno(j, "cannot read it again", errno);
    return same ? true : fail(j, IO_CHANGED, changed);
}

static bool check_unchanged(struct job *j)
{
    int fd = sys_openat(j->dir, j->base, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
    if (fd < 0 && (errno == ENOENT || errno == ELOOP || errno == ENXIO))
        return fail(j, IO_CHANGED, "it was replaced by another program meanwhile");
    if (fd < 0)
        return fail_errno(j, "cannot open it again", errno);
    bool ok = check_open(j, fd);
    close(fd);
    return ok;
}

/* A rename needs no right to write the file; a file marked read-only is respected all the same. */
static bool check_writable(struct job *j)
{
    if (faccessat(j->dir, j->base, W_OK, AT_EACCESS) && errno != ENOSYS && errno != EINVAL)
        return fail(j, IO_FAILED, strerror(errno));
    return true;
}

static bool keep_owner(struct job *j)
{
    const struct stat *st = &j->old->st;
    struct stat now;
    if (sys_fstat(j->temp.fd, &now))
        return fail_errno(j, "cannot look at the new file", errno);
    if (now.st_uid == st->st_uid && now.st_gid == st->st_gid)
        return true;
    uid_t uid = now.st_uid == st->st_uid ? (uid_t)-1 : st->st_uid;
    if (sys_fchown(j->temp.fd, uid, st->st_gid) == 0)
        return true;
    return fail_errno(j, str_fmt(j->arena, "cannot keep its owner %u:%u", st->st_uid, st->st_gid).p,
                      errno);
}

static bool is_acl(const char *name)
{
    return strcmp(name, "system.posix_acl_access") == 0;
}

/* Copies one attribute. Only an ACL is worth failing for: it decides who may read the file. Labels
 * that the system sets by itself (security.*) often can't be written and need not be. */
static bool copy_attribute(struct job *j, int from, const char *name, char *value)
{
    ssize_t n = fgetxattr(from, name, value, XATTR_MAX);
    if (n >= 0 && fsetxattr(j->temp.fd, name, value, (size_t)n, 0) == 0)
        return true;
    return is_acl(name) ? fail_errno(j, "cannot keep its access control list", errno) : true;
}

static bool copy_attributes_from(struct job *j, int from)
{
    /* What the directory's default ACL has just given to the new file is not the old file's. */
    fremovexattr(j->temp.fd, "system.posix_acl_access");
    char *names = arena_bytes(j->arena, XATTR_MAX), *value = arena_bytes(j->arena, XATTR_MAX);
    ssize_t n = flistxattr(from, names, XATTR_MAX);
    for (const char *at = names; n > 0 && at < names + n; at += strlen(at) + 1)
        if (!copy_attribute(j, from, at, value))
            return false;
    return true;
}

static bool keep_attributes(struct job *j)
{
    int from = sys_openat(j->dir, j->base, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
    if (from < 0)
        return fail_errno(j, "cannot open it again", errno);
    bool ok = copy_attributes_from(j, from);
    close(from);
    return ok;
}

/* The mode comes last: changing owner or ACL may drop bits of it. */
static bool keep_mode(struct job *j)
{
    if (sys_fchmod(j->temp.fd, j->old->st.st_mode & 07777))
        return fail_errno(j, "cannot keep its mode", errno);
    return true;
}

static bool write_new(struct job *j)
{
    int error = temp_write(&j->temp, j->bytes.p, j->bytes.n);
    if (error)
        return fail_errno(j, "cannot write the new content", error);
    if (!keep_owner(j) || !keep_attributes(j) || !keep_mode(j))
        return false;
    error = temp_finish(&j->temp);
    return error ? fail_errno(j, "cannot write the new content", error) : true;
}

static bool exchange(struct job *j)
{
    int error = temp_open(&j->temp, j->dir, 0600);
    if (error)
        return fail_errno(j, "cannot make a file beside it", error);
    bool ready = write_new(j);
    if (ready)
        sys_point("recheck");
    if (!ready || !check_unchanged(j)) {
        temp_discard(&j->temp);
        return false;
    }
    error = temp_commit(&j->temp, j->base);
    return error ? fail_errno(j, "cannot replace it", error) : true;
}

/* Makes the rename last. A directory that can't be read can't be synced; some file systems have no
 * such thing (EINVAL). */
static bool sync_dir(struct job *j)
{
    int fd = sys_openat(j->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    if (fd < 0 && errno == EACCES)
        return true;
    int error = fd < 0 || sys_fsync(fd) ? errno : 0;
    if (fd >= 0)
        close(fd);
    if (!error || error == EINVAL)
        return true;
    return fail_errno(j, "written, but its directory could not be synced", error);
}

struct io_error io_replace(struct arena *a, struct io_path path, const struct io_file *old,
                           struct str bytes, unsigned *notes)
{
    struct job j = {.arena = a, .path = path.path, .old = old, .bytes = bytes};
    *notes = old->st.st_nlink > 1 ? IO_NOTE_LINKS : 0;
    j.dir = io_open_parent(path, &j.base);
    bool ok = j.dir >= 0 ? true : fail(&j, IO_FAILED, strerror(errno));
    ok = ok && check_unchanged(&j) && check_writable(&j) && exchange(&j) && sync_dir(&j);
    if (j.dir >= 0)
        close(j.dir);
    if (ok)
        return (struct io_error){IO_OK, NULL};
    const char *name = utf8_safe(a, str_of(path.path), 0).p;
    return (struct io_error){j.status, str_fmt(a, "cannot rewrite '%s': %s", name, j.why).p};
}
