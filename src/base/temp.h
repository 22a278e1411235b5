/*
 * temp: a file that gets its name only when it is complete.
 *
 * It is written under a random name beside its destination and then renamed, so that whoever looks
 * sees the old file or the new one. When the program is ended by a signal, it is removed.
 */
#ifndef BASE_TEMP_H
#define BASE_TEMP_H

#include <stdbool.h>
#include <sys/types.h>

struct temp {
    int fd;   /* to write to; -1 when closed */
    int dir;  /* borrowed: must stay open until the end */
    int slot; /* where the signal handler finds it, -1 for nowhere */
    char name[40];
};

/* Makes an empty one in the open directory; `mode` is cut by the umask. 0 or an errno. */
int temp_open(struct temp *t, int dir, mode_t mode);
/* Writes all of it. 0 or an errno. */
int temp_write(struct temp *t, const void *bytes, size_t n);
/* Puts what was written on the disk. 0 or an errno; the name stays temporary. */
int temp_finish(struct temp *t);
/* Renames it to `name` in the same directory, replacing what is there. 0 or an errno; then the
 * temporary file is gone. */
int temp_commit(struct temp *t, const char *name);
/* Removes it. To be called after any failure but that of temp_open() and temp_commit(). */
void temp_discard(struct temp *t);

/* From now on SIGINT, SIGTERM and SIGHUP remove the temporary files before they end the program.
 * A signal that is ignored stays ignored. */
void temp_catch_signals(void);

#endif
