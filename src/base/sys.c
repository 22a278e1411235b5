/*
 * Fault injection. Nothing of it is in the program: without -DUR_FAULTS this file is empty.
 *
 * A call that is to fail is not made, except close: a descriptor is always given back, as the
 * kernel does when close reports an error.
 */
#include "base/sys.h"

#ifdef UR_FAULTS

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct sys_faults {
    atomic_uint countdown;
    atomic_int error;
    atomic_bool hit;
    const char *all_call;
    int all_error;
    void (*hook)(void *ctx, const char *call);
    void *hook_ctx;
    char edit_point[32];
    const char *edit_path;
};

/* State of the tests, not of the program. */
static struct sys_faults faults;

void sys_fault_at(unsigned n, int error)
{
    atomic_store(&faults.error, error);
    atomic_store(&faults.hit, false);
    atomic_store(&faults.countdown, n);
}

void sys_fault_all(const char *call, int error)
{
    faults.all_call = call;
    faults.all_error = error;
}

bool sys_fault_hit(void)
{
    return atomic_load(&faults.hit);
}

void sys_fault_hook(void (*hook)(void *ctx, const char *call), void *ctx)
{
    faults.hook = hook;
    faults.hook_ctx = ctx;
}

static void edit_file(const char *path)
{
    FILE *f = fopen(path, "a");
    if (!f)
        return;
    fputs("# somebody else wrote this\n", f);
    fclose(f);
}

void sys_point(const char *name)
{
    if (faults.hook)
        faults.hook(faults.hook_ctx, name);
    if (faults.edit_path && strcmp(faults.edit_point, name) == 0) {
        edit_file(faults.edit_path);
        faults.edit_path = NULL;
    }
}

static int fault_from_countdown(void)
{
    unsigned left = atomic_load(&faults.countdown);
    while (left && !atomic_compare_exchange_weak(&faults.countdown, &left, left - 1))
        ;
    if (left != 1)
        return 0;
    atomic_store(&faults.hit, true);
    return atomic_load(&faults.error);
}

int sys_fault(const char *call)
{
    if (faults.hook)
        faults.hook(faults.hook_ctx, call);
    if (faults.all_call && strcmp(faults.all_call, call) == 0)
        return faults.all_error;
    return fault_from_countdown();
}

static int errno_named(const char *text)
{
    static const struct {
        const char *name;
        int error;
    } names[] = {{"EIO", EIO},       {"ENOSPC", ENOSPC}, {"EACCES", EACCES},
                 {"EROFS", EROFS},   {"EINTR", EINTR},   {"EPERM", EPERM},
                 {"EDQUOT", EDQUOT}, {"EBUSY", EBUSY},   {"short", SYS_SHORT}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].name, text) == 0)
            return names[i].error;
    return EIO;
}

static void all_from_env(const char *text)
{
    static char call[32];
    const char *colon = strchr(text, ':');
    size_t n = colon ? (size_t)(colon - text) : strlen(text);
    snprintf(call, sizeof call, "%.*s", (int)n, text);
    sys_fault_all(call, colon ? errno_named(colon + 1) : EIO);
}

void sys_fault_from_env(void)
{
    const char *at = getenv("UNROOT_FAULT"), *all = getenv("UNROOT_FAULT_ALL"),
               *edit = getenv("UNROOT_FAULT_EDIT");
    if (at) {
        const char *colon = strchr(at, ':');
        sys_fault_at((unsigned)strtoul(at, NULL, 10), colon ? errno_named(colon + 1) : EIO);
    }
    if (all)
        all_from_env(all);
    if (edit && strchr(edit, ':')) {
        const char *colon = strchr(edit, ':');
        snprintf(faults.edit_point, sizeof faults.edit_point, "%.*s", (int)(colon - edit), edit);
        faults.edit_path = colon + 1;
    }
}

/* True when the call is to fail; errno is set. A short write is no failure of other calls. */
static bool fails(const char *call)
{
    int error = sys_fault(call);
    if (error <= 0)
        return false;
    errno = error;
    return true;
}

int sys_openat(int dir, const char *path, int flags, mode_t mode)
{
    return fails("open") ? -1 : openat(dir, path, flags, mode);
}

ssize_t sys_read(int fd, void *to, size_t n)
{
    return fails("read") ? -1 : read(fd, to, n);
}

ssize_t sys_write(int fd, const void *from, size_t n)
{
    int error = sys_fault("write");
    if (error == SYS_SHORT)
        n = n ? 1 : 0;
    errno = error;
    return error > 0 ? -1 : write(fd, from, n);
}

int sys_fstat(int fd, struct stat *st)
{
    return fails("fstat") ? -1 : fstat(fd, st);
}

int sys_fchmod(int fd, mode_t mode)
{
    return fails("fchmod") ? -1 : fchmod(fd, mode);
}

int sys_fchown(int fd, uid_t uid, gid_t gid)
{
    return fails("fchown") ? -1 : fchown(fd, uid, gid);
}

int sys_fsync(int fd)
{
    return fails("fsync") ? -1 : fsync(fd);
}

int sys_close(int fd)
{
    int error = sys_fault("close");
    int done = close(fd);
    if (error <= 0)
        return done;
    errno = error;
    return -1;
}

int sys_renameat(int from_dir, const char *from, int to_dir, const char *to)
{
    return fails("rename") ? -1 : renameat(from_dir, from, to_dir, to);
}

#else
/* ISO C forbids an empty translation unit. */
extern int sys_no_faults;
#endif
