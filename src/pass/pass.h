/*
 * A pass: looks at one unit, adds findings, edits the list. One file each in this folder, which
 * defines `const struct pass pass_<file>`; the Makefile writes the registry from the folder.
 */
#ifndef PASS_PASS_H
#define PASS_PASS_H

#include "unit/unit.h"

/* In which order passes run; within a phase by name. */
enum pass_phase {
    PASS_NAMES,    /* repairs what names mean, before anybody relies on them */
    PASS_SPLIT,    /* decides what is shipped, and takes the stage out of the others' hands */
    PASS_IDENTITY, /* decides who the stage runs as */
    PASS_OWNERS,   /* gives that user what it must own */
    PASS_SWITCH,   /* writes the switch of user */
    PASS_LAST,
};

struct pass {
    const char *id;      /* "nonroot-user" */
    const char *summary; /* one line, for lists */
    const char *why;     /* a paragraph, for `explain` */
    const char *refs;    /* the same rule elsewhere, blank-separated */
    enum pass_phase phase;
    void (*run)(struct unit *u);
};

/* All passes, in the order in which they run. Generated. */
extern const struct pass *const pass_registry[];
extern const size_t pass_count;

/* By id; NULL when there is none. */
const struct pass *pass_find(struct str id);

#endif
