/*
 * sys: the system calls by which files come in and go out.
 *
 * In the program they are the plain calls. In a build with -DUR_FAULTS the n-th of them can be made
 * to fail, and a hook sees each one: the tests walk n from 1 until nothing fails any more and look
 * at what is left on the disk each time.
 */
#ifndef BASE_SYS_H
#define BASE_SYS_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef UR_FAULTS

enum { SYS_SHORT = -1 }; /* in place of an errno: a write takes one byte only */

/* The n-th call from now on (1 is the next) fails with `error`, once. 0: none does. */
void sys_fault_at(unsigned n, int error);
/* Every call of this name ("write") fails with `error`, until NULL is set. */
void sys_fault_all(const char *call, int error);
/* True when the fault of sys_fault_at() has happened. */
bool sys_fault_hit(void);
/* Called before each call and at each sys_point() with its name; NULL for none. */
void sys_fault_hook(void (*hook)(void *ctx, const char *call), void *ctx);
/* Takes faults from the environment, for tests of the whole program:
 * UNROOT_FAULT=N[:ERRNO|:short], UNROOT_FAULT_ALL=CALL:ERRNO, and
 * UNROOT_FAULT_EDIT=POINT:PATH, which appends a line to PATH at sys_point(POINT), once. */
void sys_fault_from_env(void);

/* The errno to fail with, 0 for none. */
int sys_fault(const char *call);
void sys_point(const char *name);

int sys_openat(int dir, const char *path, int flags, mode_t mode);
ssize_t sys_read(int fd, void *to, size_t n);
ssize_t sys_write(int fd, const void *from, size_t n);
int sys_fstat(int fd, struct stat *st);
int sys_fchmod(int fd, mode_t mode);
int sys_fchown(int fd, uid_t uid, gid_t gid);
int sys_fsync(int fd);
int sys_close(int fd);
int sys_renameat(int from_dir, const char *from, int to_dir, const char *to);

#else

#define sys_point(name) ((void)0)
#define sys_openat openat
#define sys_read read
#define sys_write write
#define sys_fstat fstat
#define sys_fchmod fchmod
#define sys_fchown fchown
#define sys_fsync fsync
#define sys_close close
#define sys_renameat renameat

#endif
#endif
