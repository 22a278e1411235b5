/*
 * vec: arrays that grow in an arena.
 *
 *     VEC(struct span) spans = {0};
 *     *vec_push(arena, &spans) = (struct span){1, 2};
 *     VEC_EACH(s, &spans) use(s);
 *
 * A push may move the array: do not keep pointers to elements across pushes.
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stddef.h>

#include "base/arena.h"

#define VEC(T)                                                                                     \
    struct {                                                                                       \
        T *v;                                                                                      \
        size_t n, cap;                                                                             \
    }

static inline void *vec_room(struct arena *a, void *v, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return v;
    size_t more = *cap ? *cap * 2 : 8;
    v = arena_grow(a, v, *cap * size, more * size);
    *cap = more;
    return v;
}

/* A pointer to a new last element, not zeroed. */
#define vec_push(a, vec)                                                                           \
    ((vec)->v = vec_room((a), (vec)->v, (vec)->n, &(vec)->cap, sizeof *(vec)->v),                  \
     &(vec)->v[(vec)->n++])

#define VEC_EACH(it, vec)                                                                          \
    for (__typeof__((vec)->v + 0) it = (vec)->v; it && it < (vec)->v + (vec)->n; it++)

#endif
