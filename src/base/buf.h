/* buf: text that grows in an arena. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

struct buf {
    struct arena *arena;
    char *p;
    size_t n, cap;
};

static inline struct buf buf_in(struct arena *a)
{
    return (struct buf){.arena = a};
}

/* Makes room for `more` bytes behind the present ones. */
void buf_reserve(struct buf *b, size_t more);
void buf_add(struct buf *b, struct str s);
void buf_addz(struct buf *b, const char *z);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* What is in it; valid until the next addition. Followed by a NUL that is not counted. */
struct str buf_str(struct buf *b);

#endif
