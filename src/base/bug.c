#include "base/bug.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { EXIT_BUG = 70 };

void bug_die(const char *file, int line, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fprintf(stderr, "unroot: bug at %s:%d: ", file, line);
    vfprintf(stderr, fmt, ap);
    fputs(" (please report it, with the input)\n", stderr);
    va_end(ap);
    _Exit(EXIT_BUG);
}

void bug_out_of_memory(unsigned long wanted)
{
    fprintf(stderr, "unroot: out of memory (%lu bytes wanted)\n", wanted);
    _Exit(EXIT_BUG);
}
