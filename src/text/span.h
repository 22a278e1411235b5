/* span: a range of bytes of one source, [from, to). */
#ifndef TEXT_SPAN_H
#define TEXT_SPAN_H

#include <stddef.h>
#include <stdint.h>

struct span {
    uint32_t from, to;
};

static inline struct span span_make(size_t from, size_t to)
{
    return (struct span){(uint32_t)from, (uint32_t)to};
}

#endif
