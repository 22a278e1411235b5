/*
 * tree: the files of a commit, read from the object database as they are asked for, and any folder
 * of it as a build context (struct ur_context). No checkout: what a checkout would do to bytes
 * (line ends, filters) is not done.
 *
 * Symbolic links are links, submodules folders that can't be looked into, and so is .git, which a
 * clone has and a tree has not. Files that git-lfs keeps elsewhere can't be read. Names that no
 * checkout could make ("..", ".git", "a/b") are not there.
 */
#ifndef MIGRATE_TREE_H
#define MIGRATE_TREE_H

#include <sys/stat.h>

#include "base/vec.h"
#include "migrate/odb.h"
#include "unroot.h"

enum tree_mode { TREE_FILE = 0100644, TREE_PROGRAM = 0100755, TREE_LINK = 0120000 };

struct tree_folder;

struct tree_entry {
    struct str name;
    unsigned mode;              /* as git writes it, made one of the few that there are */
    struct str id;              /* hexadecimal */
    struct tree_folder *folder; /* once it was looked into */
};

struct tree {
    struct arena *arena;
    struct odb *objects;
    struct tree_entry root;
    size_t entries;       /* that are in memory */
    struct arena scratch; /* for one call of a view at a time */
    const char *wrong;    /* something could not be read: answers are not complete */
};

struct tree tree_of(struct arena *a, struct odb *o, struct str id);

/* Calls found() for every regular file, link and submodule, in the order of the tree. False, and
 * t->wrong, when a part of it can't be read. `path` lives until found() returns. */
bool tree_walk(struct tree *t,
               void (*found)(void *ctx, struct str path, const struct tree_entry *entry),
               void *ctx);

/* What is at the path; "" is the root. The entry of a file, link or submodule in *entry. */
enum ur_entry tree_look(struct tree *t, struct str path, const struct tree_entry **entry);
/* Why a file of git-lfs has no bytes here. */
#define TREE_ELSEWHERE "git-lfs keeps its content elsewhere"

/* The bytes of a regular file; NULL, or why there are none. They stand in the arena. */
const char *tree_read(struct tree *t, struct arena *a, struct str path, size_t cap,
                      struct str *bytes);

void tree_release(struct tree *t);

/* A folder of a tree as the engine sees it: "" or ends with '/'. It lives as long as the arena. */
struct ur_context tree_context(struct tree *t, struct arena *a, const char *prefix);

#endif
