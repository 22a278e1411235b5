/* The same as the text of a pull request or of a job's summary, which may not be of any length:
 * GitHub takes 65,536 characters. Sums and reasons need less than ten thousand. */
#include "report/markdown.h"

enum { LIMIT = 50000 };

static void begin(const struct report_run *run, struct buf *out)
{
    buf_addz(out, "Images that run as a numeric user instead of root: whoever gets out of a "
                  "container is then nobody on the host, and Kubernetes takes the image under "
                  "`runAsNonRoot: true`.\n\n");
    markdown_begin(run, out);
}

const struct report report_pull_request = {
    .name = "pull-request",
    .summary = "Markdown that fits the text of a pull request",
    .endings = "",
    .sums_first = true,
    .limit = LIMIT,
    .begin = begin,
    .input = markdown_input,
    .end = markdown_end,
};
