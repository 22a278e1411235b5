/* Compiled code, and the C library that it was made for. */
#ifndef SPLIT_REBASE_H
#define SPLIT_REBASE_H

#include "split/split.h"

/* Is what the stages of the image install made for the C library of the new image? `portable`: it
 * is proven that there is no compiled code. A stage on Alpine is moved to Debian where that can
 * be, else refused; a newer glibc than the image's is a review. */
void rebase_for_libc(struct split *sp, bool portable);

#endif
