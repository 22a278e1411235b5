/*
 * str: a slice of bytes that somebody else owns: the source, an arena, or the program text.
 *
 * Slices carry their length and no NUL. `p` may be NULL only when `n` is 0. They are passed and
 * returned by value; a function never keeps one longer than the memory behind it lives.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

struct str {
    const char *p;
    size_t n;
};

#define STR(lit) ((struct str){(lit), sizeof(lit) - 1})
#define STR_NULL ((struct str){NULL, 0})
/* For printf's "%.*s". */
#define STR_ARG(s) ((int)(s).n), ((s).p ? (s).p : "")

static inline struct str str_of(const char *z)
{
    return (struct str){z, z ? strlen(z) : 0};
}

static inline struct str str_make(const char *p, size_t n)
{
    return (struct str){p, n};
}

/* The bytes from `from` up to but not including `to`; both are clamped to the slice. */
static inline struct str str_sub(struct str s, size_t from, size_t to)
{
    if (to > s.n)
        to = s.n;
    if (from > to)
        from = to;
    return (struct str){s.p ? s.p + from : NULL, to - from};
}

static inline struct str str_from(struct str s, size_t from)
{
    return str_sub(s, from, s.n);
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_is(struct str a, const char *z)
{
    if (a.n && (!z || z[0] != a.p[0])) /* most are told apart by this; tables are walked with it */
        return false;
    return str_eq(a, str_of(z));
}

static inline bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

static inline bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n &&
           (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

/* ASCII case is ignored. */
bool str_eq_nocase(struct str a, struct str b);
/* <0, 0, >0 by bytes, shorter first. */
int str_cmp(struct str a, struct str b);
/* Index of the first/last `c`, or -1. */
ptrdiff_t str_chr(struct str s, char c);
ptrdiff_t str_rchr(struct str s, char c);
/* Index of the first occurrence of `needle`, or -1; 0 for an empty one. */
ptrdiff_t str_find(struct str s, struct str needle);
bool str_has(struct str s, const char *needle);
/* Without leading and trailing ASCII blanks (space, \t \n \v \f \r). */
struct str str_trim(struct str s);
/* Takes the part before the first `c` off the front of `*s`; false when `*s` has no more parts. */
bool str_split(struct str *s, char c, struct str *part);
/* Decimal without sign, at most `max`; false on anything else. */
bool str_to_u64(struct str s, uint64_t max, uint64_t *out);
/* The part after the last '/', without trailing slashes. */
struct str str_basename(struct str path);

/* Copies into the arena. The result is followed by a NUL that is not counted. */
struct str str_dup(struct arena *a, struct str s);
const char *str_z(struct arena *a, struct str s);
struct str str_lower(struct arena *a, struct str s);
struct str str_cat(struct arena *a, struct str x, struct str y);
/* printf into the arena; followed by a NUL that is not counted. */
struct str str_fmt(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Go's unicode.IsSpace below U+0100 for one byte of ASCII. */
static inline bool str_is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

#endif
