/* markdown: what the Markdown formats share. What strangers wrote is made text: it can't begin
 * markup, link, or call somebody by name. */
#ifndef REPORT_MARKDOWN_H
#define REPORT_MARKDOWN_H

#include "report/report.h"

/* Sums: who the images run as before and after, answers, reasons with what to do. */
void markdown_begin(const struct report_run *run, struct buf *out);
/* A section that folds up, with findings and patch; nothing when there is nothing to say. */
void markdown_input(const struct outcome *o, struct buf *out);
void markdown_end(const struct report_run *run, struct buf *out);

#endif
