/*
 * rx: regular expressions (PCRE2).
 *
 * A pattern is compiled once and read-only from then on: any number of threads may match with it at
 * the same time, each call brings its own memory. Time is bounded for every RX_USER pattern and
 * every subject; where the bound is hit the answer is RX_LIMIT, which callers must not take for "no
 * match".
 */
#ifndef BASE_RX_H
#define BASE_RX_H

#include "base/str.h"

struct rx;

enum rx_flag {
    RX_USER = 1,   /* not written by us: UTF-8; invalid bytes of a subject match nothing */
    RX_NOCASE = 2, /* ignore case */
    RX_WHOLE = 4,  /* match the whole subject or nothing */
    RX_SHORT = 8,  /* for short subjects like names: no machine code, a small part of the work */
};

enum rx_result {
    RX_NO,
    RX_YES,
    RX_LIMIT, /* gave up: the subject is too long or took too many steps */
};

enum {
    RX_GROUPS = 16,            /* groups reported, with group 0; later ones are not */
    RX_PATTERN_MAX = 4 << 10,  /* bytes; longer patterns do not compile */
    RX_SUBJECT_MAX = 16 << 10, /* bytes; longer subjects are RX_LIMIT */
};

struct rx_match {
    size_t n;                    /* groups of the pattern and 1, at most RX_GROUPS */
    struct str group[RX_GROUPS]; /* slices of the subject; p is NULL for one that took no part */
};

/* Compiles; `flags` are enum rx_flag. `$` matches at the very end only, not before a last newline.
 * NULL when the pattern is wrong, with the reason in `err`. The caller frees it. */
struct rx *rx_compile(const char *pattern, size_t n, unsigned flags, char *err, size_t errsize);
/* NULL is fine. No thread may be matching with it. */
void rx_free(struct rx *rx);

/* Searches the pattern in the subject. `m` may be NULL; it is filled for RX_YES, emptied otherwise.
 */
enum rx_result rx_match(const struct rx *rx, struct str subject, struct rx_match *m);

#endif
