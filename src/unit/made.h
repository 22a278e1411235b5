/*
 * made: what the image of a stage is like that is to be run: who it runs as, where it writes, which
 * ports have moved. For those who write down how it is run.
 */
#ifndef UNIT_MADE_H
#define UNIT_MADE_H

#include "unit/unit.h"

struct made_path {
    struct str path; /* of a folder */
    bool volume;     /* VOLUME, of the file or the base image */
    bool filled; /* something of the image is there, or may be: nothing can be mounted over it */
};

struct made {
    bool known;      /* false: the stage is none that is shipped */
    bool user_known; /* `user` is what the image's config says; "" is root */
    struct str user;
    bool uid_known, gid_known; /* of a user that is a number, or a name whose number is proven */
    uint32_t uid, gid;
    const char *assumption;      /* of the numbers; NULL: they are those of `user` */
    bool writes_unknown;         /* it is a server that writes, but nothing is known of where */
    bool paths_known;            /* a server of which it is known that it writes to `paths` only */
    VEC(struct made_path) paths; /* sorted */
};

enum { MADE_PATHS_MAX = 64 };

/* The stage of a unit over the bytes as they will be. `plan` is the plan of the same stage before
 * its rewrite, NULL when nothing was rewritten. */
void made_image(struct unit *u, struct stage *s, const struct plan *plan, struct made *out);

/* An image that nobody rewrites, by what is known of it. */
void made_facts(struct arena *a, const struct facts *f, struct made *out);

#endif
