/*
 * What pip, uv, poetry and pipenv install for a stage, in it and in the stages that it is made of:
 * into which folders, and whether that needs more than Python.
 */
#ifndef SPLIT_PIP_H
#define SPLIT_PIP_H

#include "split/split.h"

struct pip {
    bool installs;       /* some step does */
    bool known;          /* proven: all packages are of those that need nothing else */
    bool system;         /* into the interpreter's own site-packages */
    bool home;           /* into ~/.local of root */
    struct strs venvs;   /* absolute: virtual environments that steps make */
    struct strs targets; /* absolute: folders of --target in the author's stage */
};

/* Looks at them; refuses what needs more, and says what the rest rests on. */
struct pip pip_read(struct split *sp);

/* The name in a requirement ("Flask[async]>=3 ; x"), as PyPI compares names; "" when it has
 * none: an option, a URL, a path. */
struct str pip_name(struct arena *a, struct str requirement);

#endif
