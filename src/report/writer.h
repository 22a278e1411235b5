/*
 * writer: one document in the making. Workers make parts, one an input; one thread adds them in the
 * order in which they shall stand. What is added is handed on at once, unless the format wants the
 * sums first: then it waits in a spool.
 *
 *     struct writer *w = writer_new(arena, report, sink, ctx);
 *     ... writer_part(report, outcome, arena, &part);   in any thread
 *     writer_add(w, &part);
 *     const char *wrong = writer_end(w, skipped);
 */
#ifndef REPORT_WRITER_H
#define REPORT_WRITER_H

#include "report/report.h"

/* What one input adds to a document. It needs nothing of the outcome any more. */
struct writer_part {
    struct str text;
    struct str repo, reason;
    bool failed, changed;
    size_t findings;
    enum ur_answer answer;
    enum outcome_user before, after;
};

typedef void writer_sink(void *ctx, struct str bytes);

struct writer;

/* Writes the beginning, if it can be written yet. */
struct writer *writer_new(struct arena *a, const struct report *r, writer_sink *sink, void *ctx);
/* All in `a`, which may be the outcome's own. */
void writer_part(const struct report *r, const struct outcome *o, struct arena *a,
                 struct writer_part *out);
void writer_add(struct writer *w, const struct writer_part *part);
/* Writes the rest. NULL, or why something is missing (in the writer's arena). */
const char *writer_end(struct writer *w, size_t skipped);
/* In place of writer_end(), when the document is not wanted any more. */
void writer_drop(struct writer *w);

#endif
