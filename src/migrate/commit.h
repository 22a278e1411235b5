/*
 * commit: writes commits onto one branch, all of them or none, with one `git fast-import`.
 *
 * git gets the whole of it in a file and not through a pipe, so that it comes to its end also when
 * this program does not. The branch is moved forward only, from the commit that it was seen at.
 */
#ifndef MIGRATE_COMMIT_H
#define MIGRATE_COMMIT_H

#include "base/vec.h"
#include "migrate/repository.h"

struct commit_file {
    struct str path;
    bool program; /* its mode is 755 */
    struct str bytes;
};

struct commit_step {
    struct str message;
    VEC(struct commit_file) files;
};

struct commit_plan {
    const struct repository *repository;
    const char *branch; /* without refs/heads/ */
    struct str author;  /* "Name <mail>" */
    struct str committer;
    struct str author_date, committer_date; /* "1700000000 +0100" */
    struct str base, base_tree;
    struct str tip; /* where the branch is now, "" when there is none; not a part of base: the first
                       commit joins the two, and has the files of base */
    uint64_t deadline;
    VEC(struct commit_step) steps;
};

enum commit_result {
    COMMIT_DONE,   /* the branch is at the new commit, or was already */
    COMMIT_BEHIND, /* the branch has commits that the new one has not: it is where it was */
    COMMIT_FAILED, /* and a message */
};

/* Also sets the new commit, unless it failed. */
enum commit_result commit_write(struct arena *a, const struct commit_plan *p, struct str *tip,
                                const char **message);
/* Is `older` the same as `newer`, or before it? False also when git can't tell. */
bool commit_contains(struct arena *a, const struct repository *r, struct str newer,
                     struct str older);

/* Takes away what a writer that was ended at a bad moment after that time has left: the lock of the
 * branch and unfinished packs. To be called only when no such writer can be at work any more. */
void commit_clean(struct arena *a, const struct repository *r, const char *branch, int64_t since);

/* "Name <mail>" without what would break a commit? */
bool commit_is_person(struct str person);

#endif
