/* For people and editors: path:line:col: level: message [rule], then the answer for the file. */
#include "base/utf8.h"
#include "report/report.h"

static const char *level_name(enum ur_level level)
{
    static const char *const names[] = {"note", "warning", "error"};
    return names[level];
}

static void print_finding(const char *path, const struct ur_finding *f, struct buf *out)
{
    if (f->line)
        buf_addf(out, "%s:%u:%u: ", path, f->line, f->column);
    else
        buf_addf(out, "%s: ", path);
    buf_addf(out, "%s: %s [%s%s%s]\n", level_name(f->level), f->message, f->rule,
             f->reason ? " " : "", f->reason ? f->reason : "");
    if (f->assumption && *f->assumption)
        buf_addf(out, "    rests on: %s\n", f->assumption);
}

static void print(const struct outcome *o, struct arena *a, struct buf *out)
{
    const char *path = utf8_safe(a, o->path, 0).p;
    for (size_t i = 0; i < o->finding_count; i++)
        print_finding(path, &o->findings[i], out);
    if (o->status != UR_OK)
        return; /* the error itself goes to standard error */
    buf_addf(out, "%s: %s%s%s%s\n", path, ur_answer_name(o->answer), o->reason ? " (" : "",
             o->reason ? o->reason : "", o->reason ? ")" : "");
}

const struct report report_text = {
    .name = "text",
    .summary = "findings as path:line:col lines, then the answer for each file",
    .print = print,
};
