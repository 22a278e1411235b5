/* Markdown for people: sums, then a section for each file that there is something to say of. */
#include "report/markdown.h"

static void begin(const struct report_run *run, struct buf *out)
{
    buf_addz(out, "# Who the images run as\n\n");
    markdown_begin(run, out);
}

const struct report report_markdown = {
    .name = "markdown",
    .summary = "sums, then findings and patch of each file",
    .endings = ".md .markdown",
    .sums_first = true,
    .begin = begin,
    .input = markdown_input,
    .end = markdown_end,
};
