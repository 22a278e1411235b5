/* For unit tests, in place of cmocka.h: what that needs to be included, and texts that are compared
 * and shown whole. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/str.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Shows bytes so that none can hide. */
static inline void unit_show(const char *title, struct str s)
{
    print_error("%s (%zu bytes): \"", title, s.n);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '\n')
            print_error("\\n\n");
        else if (c < 0x20 || c >= 0x7F || c == '\\')
            print_error("\\x%02x", c);
        else
            print_error("%c", c);
    }
    print_error("\"\n");
}

static inline void unit_eq(struct str have, struct str want, const char *about, const char *file,
                           int line)
{
    if (str_eq(have, want))
        return;
    if (about)
        print_error("%s\n", about);
    unit_show("want", want);
    unit_show("have", have);
    _fail(file, line);
}

/* `want` is a literal, which may hold NUL bytes. */
#define EQ(have, want) unit_eq(have, STR(want), NULL, __FILE__, __LINE__)
/* Both are slices; `about` (NUL-terminated) says which row of a table this is. */
#define EQ_STR(have, want, about) unit_eq(have, want, about, __FILE__, __LINE__)

#endif
