/*
 * progress: one live line on the terminal while many files are worked on. It shows up only when
 * the work takes long, and is gone at the end.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdint.h>

#include "cli/command.h"

struct progress {
    bool on; /* standard error is a terminal and we are in its foreground */
    bool shown;
    size_t total;
    uint64_t start, drawn; /* milliseconds */
};

struct progress progress_for(const struct cli *c, size_t total);
/* So many are done. */
void progress_show(struct progress *p, size_t done);
/* Takes the line away: before anything else is written to the terminal, and at the end. */
void progress_hide(struct progress *p);

#endif
