/*
 * What the user must own: which paths are the application's, and which directories a stage makes
 * for it to write to.
 */
#ifndef UNIT_OWNED_H
#define UNIT_OWNED_H

#include "unit/unit.h"

struct owned_dir {
    struct str path;
    bool exists; /* proven to be there at the end of the stage */
    bool file;
    bool made;              /* a file that is there already: no touch */
    bool whole;             /* with everything in it */
    bool covered;           /* lies in one that is given away whole */
    struct df_item *before; /* must be made before this instruction (VOLUME); NULL: any time */
};

enum { OWNED_MAX = 200 };

struct owned {
    VEC(struct owned_dir) dirs;
    VEC(struct str) settled; /* paths whose owner the file itself decides */
    bool too_many;           /* more than OWNED_MAX: the list is not complete */
};

/* The directories to give to the user that stage `s` will run as, in the order of the file:
 * working directory, directories made by RUN, volumes, what the image's own process writes. What
 * the file gives to that user itself is left out; `user` may be NULL. */
struct owned owned_dirs(struct unit *u, struct stage *s, bool base_program,
                        const struct identity *user);

/* Does nothing in the stage's chain put something at the path, mention it or give it away? */
bool owned_is_free(struct unit *u, const struct owned *o, struct stage *s, struct str path);

/* A directory that need not be there yet; left out where the file itself decides its owner. */
void owned_add(struct unit *u, struct owned *o, struct str path);

/* Everything below this directory is to be given away, too. */
void owned_whole(struct unit *u, struct owned *o, struct str path);

/* Is it given away with all that is in it, when the stage is finished? */
bool owned_is_given_whole(const struct owned_dir *d);

/* Appends the commands that make what is due before the instruction `before` (NULL: at the end) and
 * give it to the user. */
void owned_commands(struct unit *u, const struct owned *o, const struct identity *user,
                    const struct df_item *before, struct strs *out);

#endif
