/*
 * io: reads whole files, and replaces them so that nobody ever sees half of one.
 *
 * Only regular files are read; a symbolic link is never followed. What can't be done comes back as
 * a status and a message that is ready for the user (arena; lower case, path quoted, one line).
 */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <sys/stat.h>

#include "base/str.h"

enum io_status {
    IO_OK,
    IO_MISSING,     /* no such file */
    IO_NOT_REGULAR, /* a directory, link, FIFO, device, socket */
    IO_TOO_BIG,
    IO_CHANGED, /* another program wrote to it meanwhile */
    IO_FAILED,  /* anything else the system refused */
};

struct io_error {
    enum io_status status;
    const char *message; /* NULL when the status is IO_OK */
};

/* A path, and how many bytes of its front the user named: those may lead through symbolic links
 * (0: none may, except that the working directory is where we are). */
struct io_path {
    const char *path;
    size_t trusted;
};

/* The folder part is what the user named, the last part is not followed. */
struct io_path io_path_of(const char *path);

/* A file as it was read, for io_replace() to find it unchanged. */
struct io_file {
    struct str bytes;
    struct stat st;
};

/* Reads a regular file of at most `cap` bytes into the arena. */
struct io_error io_read(struct arena *a, struct io_path path, size_t cap, struct io_file *out);
/* Reads an open descriptor (standard input) to its end; `name` is for messages. */
struct io_error io_read_fd(struct arena *a, int fd, const char *name, size_t cap, struct str *out);

/* Things worth knowing about a replacement that worked. */
enum io_note {
    IO_NOTE_LINKS = 1, /* other hard links keep the old content: nothing is written elsewhere */
};

/*
 * Replaces the file by `bytes`, keeping mode, owner, ACL and extended attributes. Refuses when it
 * is not the file that was read any more, byte for byte, or when its owner can't be kept. On any
 * failure the old file is there untouched and no temporary file remains. The only failure after
 * the exchange is that the directory could not be synced: the message says so.
 */
struct io_error io_replace(struct arena *a, struct io_path path, const struct io_file *old,
                           struct str bytes, unsigned *notes);

/* Opens the folder of `path` (O_PATH, -1 and errno) and finds the last part of it. Behind the
 * trusted part, no component may be a symbolic link. */
int io_open_parent(struct io_path path, const char **base);

/* "is a directory" and the like for what is not a regular file; NULL for a regular file. */
const char *io_not_regular(mode_t mode);

#endif
