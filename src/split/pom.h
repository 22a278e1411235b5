/* Java programs: what their code does and what it is made of. Internal to shape_java.c. */
#ifndef SPLIT_POM_H
#define SPLIT_POM_H

#include "split/split.h"

struct pom {
    bool seen; /* its code and its build file */
    const char *unseen;
    bool exec, writes, draws; /* in its own code */
    bool names_src;           /* it reads files below src/, where the sources are */
    struct str exec_at;       /* the file that starts programs, or loads libraries */
    struct str stranger;      /* a dependency of which nothing is known; "": none */
    struct str refused;       /* one that starts programs; "": none */
    struct str system;        /* a path of the system that the code names; "": none */
};

void pom_read(struct split *sp, struct pom *out);

#endif
