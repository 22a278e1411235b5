/* hash: FNV-1a. Stable for ever: names of files and the parts of a shared list depend on it. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/str.h"

#define HASH_START UINT64_C(0xcbf29ce484222325)

static inline uint64_t hash_add(uint64_t hash, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        hash = (hash ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static inline uint64_t hash_of(struct str s)
{
    return hash_add(HASH_START, s);
}

#endif
