/*
 * Arena: memory that is handed out in order and given back all at once.
 *
 * Everything about one input file lives in that file's arena and dies with it, so nothing inside
 * the engine frees anything. An arena belongs to one thread at a time.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_chunk;

struct arena {
    struct arena_chunk *chunk; /* the one being filled; older ones hang behind it */
};

/* An empty arena; it takes memory at the first allocation. `struct arena a = {0}` does the same. */
void arena_init(struct arena *a);
/* Gives all memory back. The arena is empty and usable again. */
void arena_release(struct arena *a);
/* Forgets what was handed out but keeps the largest chunk, for a loop over many files. */
void arena_reset(struct arena *a);

/* `size` zeroed bytes, aligned for any type. Never NULL. */
void *arena_alloc(struct arena *a, size_t size);
/* The same without zeroing, aligned to one byte: for text. */
char *arena_bytes(struct arena *a, size_t size);
/* Grows the newest allocation in place when it is the newest, else moves it. For buf and vec. */
void *arena_grow(struct arena *a, void *old, size_t old_size, size_t new_size);

#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))

#endif
