/* UTF-8 as Go's unicode/utf8 reads it, because BuildKit does. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/str.h"

enum { UTF8_BAD = 0xFFFD };

/* Reads one code point at s[at]; sets *len (1 for an invalid byte, which reads as U+FFFD). */
uint32_t utf8_at(struct str s, size_t at, size_t *len);
/* Appends the code point; returns the number of bytes written to out (at most 4). */
size_t utf8_put(uint32_t cp, char out[4]);
/* Go's unicode.IsSpace. */
bool utf8_is_space(uint32_t cp);
/* Whole slice is valid UTF-8. */
bool utf8_valid(struct str s);
/* The slice with each invalid byte replaced by U+FFFD; the slice itself when it is valid. */
struct str utf8_repair(struct arena *a, struct str s);
/* Code points in the slice (an invalid byte counts one). */
size_t utf8_count(struct str s);
/* For messages: valid UTF-8 with control characters replaced by '?' (C0, DEL, C1), cut after about
 * `max` bytes with "..." (0: not cut). A stranger's text must not drive a terminal. */
struct str utf8_safe(struct arena *a, struct str s, size_t max);

#endif
