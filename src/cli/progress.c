/* Drawing is rare: ten times a second at most, and only after half a second. */
#include "cli/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { DELAY_MS = 500, EVERY_MS = 100 };

static uint64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static bool in_foreground(void)
{
    const char *term = getenv("TERM");
    if (!term || !*term || strcmp(term, "dumb") == 0)
        return false;
    return isatty(STDERR_FILENO) && tcgetpgrp(STDERR_FILENO) == getpgrp();
}

struct progress progress_for(const struct cli *c, size_t total)
{
    bool wanted = !c->options->no_progress && !c->options->quiet;
    return (struct progress){.on = wanted && in_foreground(), .total = total, .start = now_ms()};
}

void progress_show(struct progress *p, size_t done)
{
    if (!p->on)
        return;
    uint64_t now = now_ms();
    if (now - p->start < DELAY_MS || now - p->drawn < EVERY_MS)
        return;
    fprintf(stderr, "\r\x1b[Kunroot: %zu of %zu files", done, p->total);
    fflush(stderr);
    p->drawn = now;
    p->shown = true;
}

void progress_hide(struct progress *p)
{
    if (p->shown)
        fputs("\r\x1b[K", stderr);
    p->shown = false;
    p->drawn = 0;
}
