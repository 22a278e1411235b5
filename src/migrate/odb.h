/*
 * odb: reads the objects of a repository through one `git cat-file --batch`.
 *
 * git is started at the first question, and again when an object makes it fail: then that object
 * counts as missing. Nothing is fetched.
 */
#ifndef MIGRATE_ODB_H
#define MIGRATE_ODB_H

#include "repo/git.h"

enum odb_kind { ODB_MISSING, ODB_COMMIT, ODB_TREE, ODB_BLOB, ODB_OTHER };

struct odb_object {
    enum odb_kind kind;
    struct str id; /* hexadecimal */
    size_t size;
    struct str bytes; /* p is NULL when it is larger than asked for */
};

struct odb {
    struct arena *arena; /* for what is needed to start git */
    const char *git_dir;
    uint64_t deadline; /* by child_now(); 0: none */
    struct child child;
    bool running;
    bool late; /* the deadline has passed: no answer is to be trusted any more */
    unsigned starts;
    char *block; /* what came and was not looked at: from .. to */
    size_t from, to;
};

struct odb odb_of(struct arena *a, const char *git_dir, uint64_t deadline);
/* Reads the object of that name ("HEAD^{commit}", an id) into the arena when it has at most `cap`
 * bytes. False when git can't tell: it does not start, or the time is up. */
bool odb_read(struct odb *o, struct arena *a, const char *name, size_t cap, struct odb_object *out);
void odb_close(struct odb *o);

#endif
