/*
 * GitLab's code-quality report: one list of issues. An issue without a line is shown at the first;
 * the fingerprint has the path in it, because GitLab drops what it has seen before.
 */
#include "report/problem.h"
#include "report/report.h"
#include "text/jout.h"

static void begin(const struct report_run *run, struct buf *out)
{
    (void)run;
    buf_addz(out, "[\n");
}

static void put_issue(struct buf *out, const struct outcome *o, const struct ur_finding *f,
                      struct str path, struct str fingerprint)
{
    static const char *const severities[] = {"info", "minor", "major"};
    struct jout j = jout_to(out);
    jout_open(&j, NULL, '{');
    jout_text(&j, "description", problem_text(out->arena, o, f));
    jout_textz(&j, "check_name", f->rule);
    jout_text(&j, "fingerprint", fingerprint);
    jout_textz(&j, "severity", severities[f->level]);
    jout_open(&j, "location", '{');
    jout_text(&j, "path", path);
    jout_open(&j, "lines", '{');
    jout_number(&j, "begin", f->line ? f->line : 1);
    if (f->end_line > f->line)
        jout_number(&j, "end", f->end_line);
    jout_close(&j, '}');
    jout_close(&j, '}');
    jout_close(&j, '}');
}

static void input(const struct outcome *o, struct buf *out)
{
    struct arena *a = out->arena;
    struct problems list = problems_of(a, o);
    struct str path = problem_path(a, o);
    if (!path.n)
        path = STR("."); /* about the run as a whole; it has to have one */
    const struct str *prints = problem_fingerprints(a, o, &list, path);
    for (size_t i = 0; i < list.n; i++) {
        if (i)
            buf_addz(out, ",\n");
        put_issue(out, o, &list.v[i], path, prints[i]);
    }
}

static void end(const struct report_run *run, struct buf *out)
{
    (void)run;
    buf_addz(out, "\n]\n");
}

const struct report report_gitlab = {
    .name = "gitlab",
    .summary = "GitLab's code-quality report",
    .endings = "-code-quality-report.json codequality.json",
    .between = ",\n",
    .begin = begin,
    .input = input,
    .end = end,
};
