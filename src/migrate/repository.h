/*
 * repository: what is named to be migrated: which kind it is, where git keeps it, which commit of
 * it is read and which branch is written.
 *
 * Of a repository's own configuration only the names of its branches count.
 */
#ifndef MIGRATE_REPOSITORY_H
#define MIGRATE_REPOSITORY_H

#include "base/vec.h"
#include "migrate/odb.h"

enum repository_kind { REPOSITORY_NONE, REPOSITORY_WORK_TREE, REPOSITORY_BARE, REPOSITORY_URL };

struct repository {
    enum repository_kind kind;
    const char *name;       /* as given, cleaned; of a URL without a password */
    const char *url;        /* of a URL, as given */
    const char *git_dir;    /* for git */
    const char *own_dir;    /* where HEAD lies; differs from git_dir in a linked work tree */
    const char *common_dir; /* where refs and objects lie */
    const char *work_tree;
};

/* Is it a URL, and by which protocol ("https", "ssh", "file", …)? NULL: it is a path. */
const char *repository_protocol(struct arena *a, struct str text);
/* A protocol that may be used at all. */
bool repository_is_protocol(struct str protocol);
/* The URL without user and password. */
struct str repository_public(struct arena *a, struct str url);

/* Looks at a path or URL. NULL, or why there is no repository. A URL has no folders yet. */
const char *repository_find(struct arena *a, const char *text, struct repository *out);
/* What is known of the folder where git keeps a repository without work tree. */
void repository_at(struct arena *a, const char *git_dir, struct repository *r);

/* A name that a branch may have, without "refs/heads/". Stricter than git. */
bool repository_is_branch(struct str name);

struct repository_base {
    struct str branch; /* "main"; "" when HEAD is a commit */
    struct str ref;    /* what it was read from: "refs/heads/main", "HEAD" */
    struct str id;     /* the commit */
    struct str tree;
    struct str date; /* of the committer: "1700000000 +0100" */
    bool empty;      /* there are no commits at all */
};

/* Finds the commit to read: of `branch` ("HEAD": of what is checked out), or of the default branch
 * when it is NULL: what origin calls so, else what HEAD names. NULL, or what is wrong. */
const char *repository_base(struct arena *a, const struct repository *r, struct odb *o,
                            const char *branch, struct repository_base *out);
/* The commit that a branch is at, "" for none. False when git can't tell. */
bool repository_tip(struct arena *a, struct odb *o, const char *branch, struct str *id);
/* Is this branch checked out in a work tree of the repository? */
bool repository_is_in_use(struct arena *a, const struct repository *r, const char *branch);

#endif
