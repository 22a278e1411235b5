/* show: a report for people, for a pull request, for a program. */
#ifndef VERIFY_SHOW_H
#define VERIFY_SHOW_H

#include "base/buf.h"
#include "verify/verify.h"

void show_text(struct buf *out, const struct verify_report *r);
void show_markdown(struct buf *out, const struct verify_report *r);
/* One object on one line. */
void show_json(struct buf *out, const struct verify_report *r);

/* The same for a file that is not rewritten: nothing was built. */
struct show_left {
    const char *path, *answer, *reason; /* reason: NULL when there is none */
};
void show_left_text(struct buf *out, const struct show_left *left);
void show_left_markdown(struct buf *out, const struct show_left *left);
void show_left_json(struct buf *out, const struct show_left *left);

#endif
