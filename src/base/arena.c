/*
 * Chunks double in size up to a limit; a large allocation gets a chunk of its own behind the
 * current one, so that the current one keeps being filled.
 */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"

enum { CHUNK_MIN = 16 << 10, CHUNK_MAX = 1 << 20, ALIGN = sizeof(max_align_t) };

struct arena_chunk {
    struct arena_chunk *next; /* older */
    size_t used, size;
    _Alignas(max_align_t) char data[];
};

void arena_init(struct arena *a)
{
    a->chunk = NULL;
}

static void free_chunks(struct arena_chunk *c)
{
    while (c) {
        struct arena_chunk *next = c->next;
        free(c);
        c = next;
    }
}

void arena_release(struct arena *a)
{
    free_chunks(a->chunk);
    a->chunk = NULL;
}

void arena_reset(struct arena *a)
{
    struct arena_chunk *keep = a->chunk;
    if (!keep)
        return;
    free_chunks(keep->next);
    keep->next = NULL;
    keep->used = 0;
}

static struct arena_chunk *chunk_new(size_t size)
{
    struct arena_chunk *c = malloc(sizeof *c + size);
    if (!c)
        bug_out_of_memory(size);
    c->next = NULL;
    c->used = 0;
    c->size = size;
    return c;
}

/* Room for `size` bytes at an offset that is a multiple of `align`. */
static char *take(struct arena *a, size_t size, size_t align)
{
    struct arena_chunk *c = a->chunk;
    if (size > SIZE_MAX / 4)
        bug_out_of_memory(size);
    if (c) {
        size_t at = (c->used + align - 1) & ~(align - 1);
        if (at <= c->size && size <= c->size - at) {
            c->used = at + size;
            return c->data + at;
        }
    }
    size_t want = !c ? CHUNK_MIN : c->size < CHUNK_MAX ? c->size * 2 : CHUNK_MAX;
    struct arena_chunk *fresh = chunk_new(size > want / 2 ? size : want);
    fresh->used = size;
    if (c && size > want / 2) {
        fresh->next = c->next;
        c->next = fresh;
    } else {
        fresh->next = c;
        a->chunk = fresh;
    }
    return fresh->data;
}

void *arena_alloc(struct arena *a, size_t size)
{
    return memset(take(a, size, ALIGN), 0, size);
}

char *arena_bytes(struct arena *a, size_t size)
{
    return take(a, size, 1);
}

void *arena_grow(struct arena *a, void *old, size_t old_size, size_t new_size)
{
    struct arena_chunk *c = a->chunk;
    if (old && c && (char *)old >= c->data && (char *)old + old_size == c->data + c->used) {
        size_t at = (size_t)((char *)old - c->data);
        if (new_size <= c->size - at) {
            c->used = at + new_size;
            return old;
        }
    }
    char *fresh = take(a, new_size, ALIGN);
    if (old_size)
        memcpy(fresh, old, old_size);
    return fresh;
}
