/*
 * policy: the tightest way to run a container that Kubernetes' "restricted" standard and a
 * read-only root make together, and what an image needs to be run so.
 */
#ifndef VERIFY_POLICY_H
#define VERIFY_POLICY_H

#include "verify/trial.h"

/* A path that may be written to under a read-only root. */
enum mount_why {
    MOUNT_ALWAYS,   /* /tmp */
    MOUNT_REPORTED, /* unroot gave it to the user */
    MOUNT_GIVEN,    /* --writable */
    MOUNT_FOUND,    /* it was missing */
};

struct mount {
    struct str path;
    enum mount_why why;
    bool filled; /* the image has something there: a volume that begins with it, not a tmpfs */
};

struct mounts {
    struct arena *arena;
    VEC(struct mount) list;
};

/* An absolute path that can be mounted to, without "//", "." and "..": cleaned; else "". */
struct str policy_clean(struct arena *a, struct str path);
/* Adds it, unless it lies in what is there already or makes no sense. */
void policy_add(struct mounts *m, struct str path, enum mount_why why);
/* Sets `filled` by what a look into the image has found. A file gives way to the folder it lies in:
 * true then, and that has to be looked at, too. */
bool policy_fill(struct mounts *m, const struct probe *still);
/* Is the path one of them, or below one? */
bool policy_covers(const struct mounts *m, struct str path);

/* Adds, as MOUNT_FOUND, what was written to without a read-only root (`open`), and what the log
 * under it (`closed`) complains of. Files of the image that are written over come with `changed`
 * only: start scripts that edit a configuration mostly go on when they can't. False when there is
 * nothing that is not on the list. */
bool policy_missing(struct mounts *m, const struct trial *open, const struct trial *closed,
                    bool changed);

struct policy {
    const char *user;     /* --user; NULL: the image's */
    bool low_ports_close; /* the network is its own, so that a sysctl may be set */
};

void policy_options(struct args *words, enum engine_kind engine, const struct policy *p,
                    const struct mounts *m);

#endif
