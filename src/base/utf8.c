/*
 * A decoder that never fails: what is no UTF-8 reads as one U+FFFD a byte, exactly where Go's does,
 * so that both see the same words in a broken file.
 */
#include "base/utf8.h"

#include "base/buf.h"

/* Bytes that must follow the lead byte, and the range of the first of them (RFC 3629, table 3-7).
 */
static int lead(unsigned char c, unsigned char *lo, unsigned char *hi)
{
    *lo = 0x80, *hi = 0xBF;
    if (c >= 0xC2 && c <= 0xDF)
        return 1;
    if (c >= 0xE0 && c <= 0xEF) {
        if (c == 0xE0)
            *lo = 0xA0;
        if (c == 0xED)
            *hi = 0x9F;
        return 2;
    }
    if (c >= 0xF0 && c <= 0xF4) {
        if (c == 0xF0)
            *lo = 0x90;
        if (c == 0xF4)
            *hi = 0x8F;
        return 3;
    }
    return -1;
}

uint32_t utf8_at(struct str s, size_t at, size_t *len)
{
    const unsigned char *p = (const unsigned char *)s.p + at;
    size_t left = s.n - at;
    unsigned char lo, hi;
    *len = 1;
    if (p[0] < 0x80)
        return p[0];
    int more = lead(p[0], &lo, &hi);
    if (more < 0 || left <= (size_t)more)
        return UTF8_BAD;
    uint32_t cp = p[0] & (0x3F >> more);
    for (int i = 1; i <= more; i++) {
        if (p[i] < lo || p[i] > hi)
            return UTF8_BAD;
        lo = 0x80, hi = 0xBF;
        cp = cp << 6 | (p[i] & 0x3F);
    }
    *len = (size_t)more + 1;
    return cp;
}

size_t utf8_put(uint32_t cp, char out[4])
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xC0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xE0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        out[2] = (char)(0x80 | (cp & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[3] = (char)(0x80 | (cp & 0x3F));
    return 4;
}

bool utf8_is_space(uint32_t cp)
{
    return (cp >= 9 && cp <= 13) || cp == ' ' || cp == 0x85 || cp == 0xA0 || cp == 0x1680 ||
           (cp >= 0x2000 && cp <= 0x200A) || cp == 0x2028 || cp == 0x2029 || cp == 0x202F ||
           cp == 0x205F || cp == 0x3000;
}

/* U+FFFD itself is three bytes long; an invalid byte reads as U+FFFD of length one. */
static bool bad_at(struct str s, size_t at, size_t *len)
{
    return utf8_at(s, at, len) == UTF8_BAD && *len == 1;
}

bool utf8_valid(struct str s)
{
    size_t len;
    for (size_t i = 0; i < s.n; i += len)
        if (bad_at(s, i, &len))
            return false;
    return true;
}

struct str utf8_repair(struct arena *a, struct str s)
{
    if (utf8_valid(s))
        return s;
    struct buf b = buf_in(a);
    size_t len;
    for (size_t i = 0; i < s.n; i += len)
        buf_add(&b, bad_at(s, i, &len) ? STR("\xEF\xBF\xBD") : str_sub(s, i, i + len));
    return buf_str(&b);
}

size_t utf8_count(struct str s)
{
    size_t n = 0, len;
    for (size_t i = 0; i < s.n; i += len, n++)
        utf8_at(s, i, &len);
    return n;
}

static bool is_plain_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 0x20 || s.p[i] > 0x7E)
            return false;
    return true;
}

struct str utf8_safe(struct arena *a, struct str s, size_t max)
{
    if ((!max || s.n <= max) && is_plain_ascii(s))
        return str_dup(a, s);
    struct buf b = buf_in(a);
    size_t len;
    for (size_t i = 0; i < s.n; i += len) {
        if (max && i >= max) {
            buf_addz(&b, "...");
            break;
        }
        uint32_t cp = utf8_at(s, i, &len);
        bool control = cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || (cp >= 0x202A && cp <= 0x202E) ||
                       (cp >= 0x2066 && cp <= 0x2069);
        if (control || (cp == UTF8_BAD && len == 1))
            buf_addc(&b, '?');
        else
            buf_add(&b, str_sub(s, i, i + len));
    }
    return buf_str(&b);
}
