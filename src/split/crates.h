/* Rust programs: what their code does. Internal to shape_rust.c. */
#ifndef SPLIT_CRATES_H
#define SPLIT_CRATES_H

#include "split/split.h"

struct crates {
    bool seen;           /* all of its own code, and Cargo.lock */
    const char *unseen;  /* why not */
    bool exec, writes;   /* in its own code */
    bool openssl;        /* is linked with OpenSSL */
    struct str exec_at;  /* the file that starts programs */
    struct str refused;  /* a crate that starts programs; "": none */
    struct str native;   /* one that is linked with a library that need not be there; "": none */
    struct str unknown;  /* a direct dependency of which nothing is known; "": none */
    struct str stranger; /* one that comes from no registry; "": none */
    struct str system;   /* a path of the system that the code names; "": none */
};

void crates_read(struct split *sp, struct crates *out);

#endif
