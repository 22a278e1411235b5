/*
 * walk: from what the user names to the sorted list of files to work on.
 *
 * A folder is searched for files whose names count. In a git work tree those are the files that git
 * tracks or would track; elsewhere all of them. Symbolic links are never followed. A file that is
 * named outright always counts; whether it can be read shows when it is read.
 */
#ifndef REPO_WALK_H
#define REPO_WALK_H

#include "base/io.h"
#include "base/vec.h"

/* A folder that the user named, or that a named file is in. */
struct walk_place {
    const char *prefix; /* "src/", "" for the working directory */
    const char *real;   /* its absolute path without links; NULL when it can't be found out */
};

struct walk_input {
    const char *path; /* '/'-separated, no "./" in front; "-" is standard input */
    size_t trusted;   /* see struct io_path */
    const struct walk_place *place;
    bool named; /* by the user, not found in a folder */
    bool standard_input;
};

/* A file whose name nearly counts, and why it does not. */
struct walk_skip {
    const char *path, *why;
};

struct walk {
    struct arena *arena;
    VEC(struct walk_input) inputs;
    VEC(struct walk_input) deploys; /* what may be a manifest or Compose file */
    bool wants_deploys;             /* in folders, too */
    bool input_is_deploy;           /* standard input is one */
    VEC(struct walk_skip) skipped;
    VEC(const char *) errors; /* ready to print: something named could not be searched */
    VEC(const char *) notes;  /* ready to print: worth knowing, no failure */
    size_t arguments;
    struct walk_place *last; /* the newest place, for the next file in the same folder */
};

/* Adds one PATH: a file, a folder, or "-". */
void walk_add(struct walk *w, const char *path);
/* Adds every PATH of a list with this separator. Empty ones are left out. */
void walk_add_list(struct walk *w, struct str list, char separator);
/* Sorts everything; the same file under two names stays once, under the name that came first. */
void walk_finish(struct walk *w);

enum walk_name {
    WALK_OTHER,
    WALK_DOCKERFILE,
    WALK_TEMPLATE, /* would make a Dockerfile when a template engine has run */
    WALK_DEPLOY,   /* YAML or JSON: what is in it tells */
};

/* What a file's name (without folder) says. */
enum walk_name walk_name_of(struct str name);

/* The path as it is shown: no "./", "//" and "/." in it, relative when it lies below `cwd` (which
 * may be NULL). "." for the directory itself. */
const char *walk_clean(struct arena *a, const char *path, const char *cwd);

static inline struct io_path walk_io_path(const struct walk_input *in)
{
    return (struct io_path){in->path, in->trusted};
}

#endif
