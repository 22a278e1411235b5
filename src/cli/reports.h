/*
 * reports: the documents that a run writes, that of --format and those of --report, from the same
 * outcomes. Workers render, one thread adds; the files get their names at the end.
 */
#ifndef CLI_REPORTS_H
#define CLI_REPORTS_H

#include "cli/out.h"
#include "report/writer.h"

struct reports;

/* By the options of the run. `standard` is where --format goes; it stays the caller's. NULL after a
 * message when a file can't be made. */
struct reports *reports_open(const struct cli *c, struct out *standard);
/* Is there any? */
bool reports_wanted(const struct reports *r);
/* The outcome's part in each document, in `a`; in any thread. */
struct writer_part *reports_render(const struct reports *r, const struct outcome *o,
                                   struct arena *a);
void reports_add(struct reports *r, const struct writer_part *parts);
/* An input, or with path "" something else, that could not be handled. */
struct outcome reports_failure(const char *path, const char *message);
/* Ends the documents. False when one could not be written whole; that was said. */
bool reports_close(struct reports *r, size_t skipped);
/* In place of reports_close(), when the run did not come to its end: files stay as they were. */
void reports_drop(struct reports *r);

#endif
