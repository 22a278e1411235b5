/*
 * Which file of the build context lies where in the image: COPY and ADD followed backwards, through
 * stages, globs and folders. Only what is proven is said.
 */
#ifndef UNIT_LOCATE_H
#define UNIT_LOCATE_H

#include "unit/unit.h"

enum located_kind {
    LOCATED_UNKNOWN, /* something may have put it there that was not seen through */
    LOCATED_NOWHERE, /* no step puts anything there */
    LOCATED_CONTEXT, /* the file `path` of the context */
    LOCATED_TEXT,    /* a heredoc of the Dockerfile */
};

struct located {
    enum located_kind kind;
    struct str path;            /* in the context */
    struct str text;            /* its bytes; p is NULL when it could not be read */
    unsigned mode;              /* permission bits in the image; 0 when not known */
    const struct df_item *item; /* what put it there */
    bool edited;                /* a RUN step may have changed what is in it */
};

/* The file at an absolute path of the finished stage. */
struct located locate_file(struct unit *u, struct stage *s, struct str path);

/* Does any stage copy something from the build context? */
bool locate_is_needed(const struct unit *u);

/* Adds to *out the paths below an absolute folder at which COPY and ADD may have put files, and a
 * few at which they have not: locate_file() tells. What RUN makes is not among them. False when
 * they can't all be told: `*at` is the step because of which. */
bool locate_below(struct unit *u, struct stage *s, struct str folder, struct strs *out,
                  const struct df_item **at);

/* A name of what ADD unpacks. */
bool locate_is_archive(struct str name);

/* Is this the build context of the file: does it have everything that COPY and ADD name? */
bool locate_fits(struct unit *u, struct context *c);

#endif
