/* Which C library the programs of a stage are linked with. */
#ifndef SPLIT_LIBC_H
#define SPLIT_LIBC_H

#include "split/split.h"

enum libc_kind { LIBC_UNKNOWN, LIBC_MUSL, LIBC_GLIBC };

struct libc {
    enum libc_kind kind;
    unsigned minor; /* of glibc 2.x, at most; 0: not known */
};

/* Of the image at the root of the stage. */
struct libc libc_of(struct split *sp, struct stage *s);

/* Is it glibc, and proven not to be newer than that of the images of the chosen release? */
bool libc_is_older(struct split *sp, struct stage *s);

/* Does a program that was linked there run on the images of the chosen release? Else that is
 * refused; `what` is the program's name in the message. */
bool libc_fits(struct split *sp, struct stage *s, struct str what);

#endif
