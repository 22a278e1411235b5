/*
 * What the project's own code says: does it start other programs, or ask for what the new image has
 * not? All of the build context is read but what is plainly not shipped: tests, tools, packages.
 */
#ifndef SPLIT_CODE_H
#define SPLIT_CODE_H

#include "split/split.h"

struct code_mark {
    const char *text;   /* in the code */
    const char *unless; /* and not with this in the same line; NULL: always */
    const char *what;   /* a sentence behind "its code": "starts other programs" */
};

/* Does any of these files have the text in it? */
bool code_says(struct split *sp, const char *const *ends, const char *text);

/* Refuses at the first mark ({0} ends the list) that is found in a file whose name ends so. True
 * when all files were seen and there was none. */
bool code_is_clean(struct split *sp, const char *const *ends, const struct code_mark *marks);

/* True when all of these files were seen and none that is run names one of the packages, in
 * require() or import. */
bool code_imports_none(struct split *sp, const char *const *ends, const struct strs *packages);

#endif
