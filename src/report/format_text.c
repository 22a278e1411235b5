/* For people and editors: path:line:col: level: message [rule], then the answer for the file. */
#include "base/utf8.h"
#include "report/problem.h"
#include "report/report.h"

static void print_finding(const char *path, const struct ur_finding *f, struct buf *out)
{
    if (f->line)
        buf_addf(out, "%s:%u:%u: ", path, f->line, f->column);
    else
        buf_addf(out, "%s: ", path);
    const char *reason = f->reason && strcmp(f->reason, f->rule) != 0 ? f->reason : "";
    buf_addf(out, "%s: %s [%s%s%s]\n", problem_level(f->level), f->message, f->rule,
             *reason ? " " : "", reason);
    if (f->assumption && *f->assumption)
        buf_addf(out, "    rests on: %s\n", f->assumption);
}

static void input(const struct outcome *o, struct buf *out)
{
    struct arena *a = out->arena;
    const char *path = utf8_safe(a, problem_path(a, o), 0).p;
    struct problems list = problems_of(a, o);
    VEC_EACH (f, &list)
        print_finding(path, f, out);
    if (o->status != UR_OK)
        return;
    buf_addf(out, "%s: %s%s%s%s\n", path, ur_answer_name(o->answer), o->reason ? " (" : "",
             o->reason ? o->reason : "", o->reason ? ")" : "");
}

const struct report report_text = {
    .name = "text",
    .summary = "findings as path:line:col lines, then the answer for each file",
    .endings = ".txt .log",
    .input = input,
};
