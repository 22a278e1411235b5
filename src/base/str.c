/* The functions of str that are too long to be inline. None of them allocates unless it takes an
 * arena. */
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/bug.h"

/* memmem prepares a table first, which costs more than looking for a short needle in a short text.
 */
enum { FIND_SHORT = 32 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

ptrdiff_t str_chr(struct str s, char c)
{
    const char *hit = s.n ? memchr(s.p, c, s.n) : NULL;
    return hit ? hit - s.p : -1;
}

ptrdiff_t str_rchr(struct str s, char c)
{
    const char *hit = s.n ? memrchr(s.p, c, s.n) : NULL;
    return hit ? hit - s.p : -1;
}

ptrdiff_t str_find(struct str s, struct str needle)
{
    if (!needle.n)
        return 0;
    if (needle.n > FIND_SHORT) { /* never quadratic */
        const char *hit = s.n ? memmem(s.p, s.n, needle.p, needle.n) : NULL;
        return hit ? hit - s.p : -1;
    }
    for (size_t at = 0; at + needle.n <= s.n; at++) {
        const char *hit = memchr(s.p + at, needle.p[0], s.n - needle.n - at + 1);
        if (!hit)
            return -1;
        at = (size_t)(hit - s.p);
        if (memcmp(hit, needle.p, needle.n) == 0)
            return (ptrdiff_t)at;
    }
    return -1;
}

bool str_has(struct str s, const char *needle)
{
    return str_find(s, str_of(needle)) >= 0;
}

struct str str_trim(struct str s)
{
    while (s.n && str_is_blank(s.p[0]))
        s.p++, s.n--;
    while (s.n && str_is_blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

bool str_split(struct str *s, char c, struct str *part)
{
    if (!s->p)
        return false;
    ptrdiff_t at = str_chr(*s, c);
    if (at < 0) {
        *part = *s;
        *s = STR_NULL;
        return true;
    }
    *part = str_sub(*s, 0, (size_t)at);
    *s = str_from(*s, (size_t)at + 1);
    return true;
}

bool str_to_u64(struct str s, uint64_t max, uint64_t *out)
{
    uint64_t v = 0;
    if (!s.n || s.n > 20)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned d = (unsigned char)s.p[i] - '0';
        if (d > 9 || v > (max - d) / 10)
            return false;
        v = v * 10 + d;
    }
    *out = v;
    return v <= max;
}

struct str str_basename(struct str path)
{
    while (path.n > 1 && path.p[path.n - 1] == '/')
        path.n--;
    ptrdiff_t at = str_rchr(path, '/');
    return at < 0 ? path : str_from(path, (size_t)at + 1);
}

struct str str_dup(struct arena *a, struct str s)
{
    char *p = arena_bytes(a, s.n + 1);
    if (s.n)
        memcpy(p, s.p, s.n);
    p[s.n] = 0;
    return str_make(p, s.n);
}

const char *str_z(struct arena *a, struct str s)
{
    return str_dup(a, s).p;
}

struct str str_lower(struct arena *a, struct str s)
{
    char *p = arena_bytes(a, s.n + 1);
    for (size_t i = 0; i < s.n; i++)
        p[i] = lower(s.p[i]);
    p[s.n] = 0;
    return str_make(p, s.n);
}

struct str str_cat(struct arena *a, struct str x, struct str y)
{
    char *p = arena_bytes(a, x.n + y.n + 1);
    if (x.n)
        memcpy(p, x.p, x.n);
    if (y.n)
        memcpy(p + x.n, y.p, y.n);
    p[x.n + y.n] = 0;
    return str_make(p, x.n + y.n);
}

struct str str_fmt(struct arena *a, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        BUG("bad format '%s'", fmt);
    char *p = arena_bytes(a, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return str_make(p, (size_t)n);
}
