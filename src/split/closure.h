/* The stages that an image is made of: those it builds on, and those it copies from. */
#ifndef SPLIT_CLOSURE_H
#define SPLIT_CLOSURE_H

#include "unit/unit.h"

struct closure {
    VEC(struct stage *) stages; /* the stage itself is the first */
    bool others;                /* it copies from images, too */
};

struct closure closure_of(struct unit *u, struct stage *s);

#endif
