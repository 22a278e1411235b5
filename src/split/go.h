/* Go programs: what builds them, and what their code does. Internal to shape_go.c. */
#ifndef SPLIT_GO_H
#define SPLIT_GO_H

#include "split/split.h"

enum go_cgo { GO_CGO_DEFAULT, GO_CGO_OFF, GO_CGO_ON };

/* The `go build` or `go install` that makes a program. */
struct go_build {
    struct stage *s;
    struct stage_step *step;
    const struct run_effect *effect;
    enum go_cgo cgo;
    bool race;        /* the detector, which is C */
    bool foreign;     /* for another system, or no program */
    struct str cwd;   /* where it runs; "" when not known */
    struct strs what; /* packages or files, as written; empty: the one in cwd */
};

/* Finds it, through copies and stages; false when the file is not seen to be made so. */
bool go_find_build(struct split *sp, struct stage *s, struct str path, struct go_build *out);

/* What the code of a program does, its own packages and all that they import. */
struct go_code {
    bool seen; /* all of it */
    const char *unseen;
    bool exec, c, cxx, writes, reads, network;
    struct str exec_at;   /* the file that starts programs */
    struct str c_library; /* one that is linked and need not be there; "": none */
    struct str stranger;  /* the first module of which nothing is known; "": none */
    struct str refused;   /* one that is known to need more than is there */
    struct str system;    /* a path of the system that it names; "": none */
};

void go_read_code(struct split *sp, const struct go_build *b, struct go_code *out);

#endif
