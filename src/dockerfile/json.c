/*
 * A checker over the whole JSON grammar (the array may hold anything), which keeps the strings of
 * the first level. Nesting is followed with a bit stack instead of recursion.
 */
#include "dockerfile/json.h"

#include "base/buf.h"
#include "base/utf8.h"

enum { DEPTH_MAX = 10000 }; /* encoding/json's own limit */

struct reader {
    struct str s;
    size_t at;
    struct arena *arena;
};

static void skip_blanks(struct reader *r)
{
    while (r->at < r->s.n && (r->s.p[r->at] == ' ' || r->s.p[r->at] == '\t' ||
                              r->s.p[r->at] == '\n' || r->s.p[r->at] == '\r'))
        r->at++;
}

static int peek(const struct reader *r)
{
    return r->at < r->s.n ? (unsigned char)r->s.p[r->at] : -1;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits of \uXXXX at `at`; -1 when they are not there. */
static long read_hex(const struct reader *r, size_t at)
{
    long v = 0;
    if (r->s.n - at < 4)
        return -1;
    for (size_t i = 0; i < 4; i++) {
        int d = hex_digit(r->s.p[at + i]);
        if (d < 0)
            return -1;
        v = v * 16 + d;
    }
    return v;
}

static void put(struct buf *b, uint32_t cp)
{
    char out[4];
    buf_add(b, str_make(out, utf8_put(cp, out)));
}

/* Behind "\u": surrogate pairs are joined, lone surrogates become U+FFFD. */
static bool unicode_escape(struct reader *r, struct buf *b)
{
    long v = read_hex(r, r->at);
    if (v < 0)
        return false;
    r->at += 4;
    if (v >= 0xD800 && v < 0xE000) {
        bool pair =
            v < 0xDC00 && r->s.n - r->at >= 6 && r->s.p[r->at] == '\\' && r->s.p[r->at + 1] == 'u';
        long low = pair ? read_hex(r, r->at + 2) : -1;
        if (low >= 0xDC00 && low < 0xE000) {
            r->at += 6;
            put(b, (uint32_t)(0x10000 + ((v - 0xD800) << 10) + (low - 0xDC00)));
            return true;
        }
        v = UTF8_BAD;
    }
    put(b, (uint32_t)v);
    return true;
}

static bool escape(struct reader *r, struct buf *b)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    int c = peek(r);
    r->at++;
    if (c == 'u')
        return unicode_escape(r, b);
    const char *hit = c > 0 ? strchr(from, c) : NULL;
    if (!hit)
        return false;
    buf_addc(b, to[hit - from]);
    return true;
}

/* Behind the opening quote. */
static bool string(struct reader *r, struct str *out)
{
    struct buf b = buf_in(r->arena);
    size_t run = r->at, len;
    bool plain = true;
    for (;;) {
        int c = peek(r);
        if (c < 0x20)
            return false;
        if (c != '"' && c != '\\') {
            utf8_at(r->s, r->at, &len);
            plain = plain && (c < 0x80 || len > 1);
            r->at += len;
            continue;
        }
        struct str piece = str_sub(r->s, run, r->at);
        r->at++;
        if (c == '"' && !b.n && plain) {
            *out = piece;
            return true;
        }
        buf_add(&b, utf8_repair(r->arena, piece));
        if (c == '"') {
            *out = buf_str(&b);
            return true;
        }
        plain = false;
        if (!escape(r, &b))
            return false;
        run = r->at;
    }
}

static bool digits(struct reader *r)
{
    size_t from = r->at;
    while (peek(r) >= '0' && peek(r) <= '9')
        r->at++;
    return r->at > from;
}

static bool number(struct reader *r)
{
    if (peek(r) == '-')
        r->at++;
    if (peek(r) == '0')
        r->at++;
    else if (!digits(r))
        return false;
    if (peek(r) == '.') {
        r->at++;
        if (!digits(r))
            return false;
    }
    if (peek(r) == 'e' || peek(r) == 'E') {
        r->at++;
        if (peek(r) == '+' || peek(r) == '-')
            r->at++;
        return digits(r);
    }
    return true;
}

static bool literal(struct reader *r)
{
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < 3; i++) {
        struct str w = str_of(words[i]);
        if (str_starts(str_from(r->s, r->at), w)) {
            r->at += w.n;
            return true;
        }
    }
    return number(r);
}

struct nesting {
    unsigned depth;
    unsigned char object[DEPTH_MAX / 8 + 1]; /* bit d: level d is an object */
};

static bool in_object(const struct nesting *n)
{
    return n->object[n->depth >> 3] >> (n->depth & 7) & 1;
}

static bool open_level(struct nesting *n, bool object)
{
    if (++n->depth > DEPTH_MAX - 1)
        return false;
    unsigned char bit = (unsigned char)(1u << (n->depth & 7));
    if (object)
        n->object[n->depth >> 3] |= bit;
    else
        n->object[n->depth >> 3] &= (unsigned char)~bit;
    return true;
}

/* "key": in front of an object's value. */
static bool object_key(struct reader *r)
{
    struct str key;
    skip_blanks(r);
    if (peek(r) != '"')
        return false;
    r->at++;
    if (!string(r, &key))
        return false;
    skip_blanks(r);
    if (peek(r) != ':')
        return false;
    r->at++;
    return true;
}

/* One value, or the opening of one with members. *opened says which. */
static bool value(struct reader *r, struct nesting *n, json_strings *out, bool *others,
                  bool *opened)
{
    struct str text;
    *opened = false;
    skip_blanks(r);
    int c = peek(r);
    if (c == '"') {
        r->at++;
        if (!string(r, &text))
            return false;
        if (n->depth == 1)
            *vec_push(r->arena, out) = text;
        return true;
    }
    *others = *others || n->depth == 1;
    if (c != '[' && c != '{')
        return literal(r);
    r->at++;
    skip_blanks(r);
    *opened = peek(r) != (c == '[' ? ']' : '}');
    if (!*opened) {
        r->at++;
        return true;
    }
    return open_level(n, c == '{') && (c == '[' || object_key(r));
}

/* Behind a value: closes levels and finds the next value. False on bad syntax; *done at the end. */
static bool after_value(struct reader *r, struct nesting *n, bool *done)
{
    for (;;) {
        skip_blanks(r);
        int c = peek(r);
        r->at++;
        if (c == ',')
            return !in_object(n) || object_key(r);
        if (c != (in_object(n) ? '}' : ']'))
            return false;
        if (--n->depth == 0) {
            *done = true;
            return true;
        }
    }
}

enum json_array json_read_array(struct arena *a, struct str text, json_strings *out)
{
    struct reader r = {.s = text, .arena = a};
    bool others = false, done = false, opened;
    if (!text.n || text.p[0] != '[')
        return JSON_NOT_ARRAY;
    r.at = 1;
    skip_blanks(&r);
    if (peek(&r) == ']') {
        r.at++;
        skip_blanks(&r);
        return r.at == text.n ? JSON_STRINGS : JSON_NOT_ARRAY;
    }
    struct nesting *n = arena_new(a, struct nesting);
    open_level(n, false);
    while (!done) {
        if (!value(&r, n, out, &others, &opened))
            return JSON_NOT_ARRAY;
        if (!opened && !after_value(&r, n, &done))
            return JSON_NOT_ARRAY;
    }
    skip_blanks(&r);
    if (r.at != text.n)
        return JSON_NOT_ARRAY;
    return others ? JSON_NOT_STRINGS : JSON_STRINGS;
}

struct str json_quote(struct arena *a, struct str s)
{
    struct buf b = buf_in(a);
    buf_addc(&b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\')
            buf_addc(&b, '\\');
        if (c < 0x20)
            buf_addf(&b, "\\u%04x", c);
        else
            buf_addc(&b, (char)c);
    }
    buf_addc(&b, '"');
    return buf_str(&b);
}
