/* Text of the probe: output in lines, numbers, comparison; and what the compiler calls. */
#ifndef PROBE_TEXT_H
#define PROBE_TEXT_H

#include "probe/sys.h"

/* Called by code that the compiler makes. */
void *memcpy(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);

size_t text_length(const char *z);
/* `z` begins with `front`: what follows it, else NULL. */
const char *text_after(const char *z, const char *front);
/* Decimal or, with base 16, hexadecimal; stops at the first other character. */
uint64_t text_number(const char *z, unsigned base);

/* Output is kept until it is flushed; put_name() replaces blanks and what can't be printed. */
void put(const char *z);
void put_number(uint64_t n, unsigned base, unsigned digits);
void put_name(const char *z);
void put_flush(void);

/* At most `cap` - 1 bytes of a file, followed by a NUL; -1 when it can't be read. */
long text_of_file(const char *path, char *to, size_t cap);
/* Two names as a path, cut when they do not fit. False then. */
int text_path(char *to, size_t cap, const char *folder, const char *name);

#endif
