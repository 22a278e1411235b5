/* args: the words of a command line that is being put together. */
#ifndef VERIFY_ARGS_H
#define VERIFY_ARGS_H

#include "base/str.h"
#include "base/vec.h"

struct args {
    struct arena *arena;
    VEC(const char *) list;
};

static inline struct args args_in(struct arena *a)
{
    return (struct args){.arena = a};
}

/* Adds the words up to a NULL. They are borrowed. */
void args_add(struct args *x, ...) __attribute__((sentinel));
/* Adds "front" and the number, in one word. */
void args_number(struct args *x, const char *front, unsigned long long n);
void args_all(struct args *x, const char *const *words, size_t n);
/* All of them, with a NULL behind. */
const char *const *args_done(struct args *x);

#endif
