/*
 * Programs that containers start, and what each needs: the files of templates/programs
 * (docs/programs.md).
 */
#ifndef KNOWLEDGE_PROGRAM_H
#define KNOWLEDGE_PROGRAM_H

#include "base/str.h"
#include "base/vec.h"

enum program_kind {
    PROGRAM_DIRECT,  /* runs as any user; needs its working directory and /tmp at most */
    PROGRAM_IGNORE,  /* part of a script that matters to nobody: cd, echo, export */
    PROGRAM_WRAPPER, /* starts what follows on its command line */
    PROGRAM_SHELL,   /* sh -c TEXT, sh FILE */
    PROGRAM_REVIEW,  /* runs as non-root if an assumption holds */
    PROGRAM_REFUSE,  /* needs root, or must not be second-guessed */
};

struct program {
    enum program_kind kind;
    struct str reason;                  /* reason code of review and refuse */
    struct str message;                 /* what it does, as a sentence behind its name */
    struct str assumption;              /* what a review rests on */
    VEC(struct str) options_with_value; /* of a wrapper */
    struct str separator; /* of a wrapper: what it starts is behind this word; empty: behind options */
    VEC(struct str) subcommands;        /* a wrapper only with one of these as first word */
    VEC(struct str) builds_with; /* first words with which it builds or writes caches first */
    VEC(struct str) writes;      /* where it keeps caches, below the working directory */
    bool stateless;              /* makes no files but those that its arguments name */
    uint32_t port; /* what it listens on when nothing else is said; 0: none below 1024 */
};

struct program_db;

struct program_db *program_db_new(void);
void program_db_free(struct program_db *db);

/* By basename; NULL when nothing is known. Lives as long as the database. Safe for many threads. */
const struct program *program_find(struct program_db *db, struct str name);

#endif
