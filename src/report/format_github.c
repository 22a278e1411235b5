/*
 * Workflow commands of GitHub Actions: ::error file=…,line=…::message. A runner reads them from the
 * log, so nothing that strangers wrote may begin a line: line ends, '%' and, within properties,
 * ':' and ',' are escaped as the runner undoes it.
 */
#include "base/utf8.h"
#include "report/problem.h"
#include "report/report.h"

static void put(struct buf *out, struct str text, const char *escaped)
{
    struct str safe = utf8_repair(out->arena, text);
    for (size_t i = 0; i < safe.n; i++)
        if (safe.p[i] && strchr(escaped, safe.p[i]))
            buf_addf(out, "%%%02X", (unsigned char)safe.p[i]);
        else
            buf_addc(out, safe.p[i]);
}

static void put_property(struct buf *out, const char *name, struct str value)
{
    buf_addf(out, "%s%s=", out->p[out->n - 1] == ' ' ? "" : ",", name);
    put(out, value, "%\r\n:,");
}

static void put_number(struct buf *out, const char *name, unsigned n)
{
    if (n)
        put_property(out, name, str_fmt(out->arena, "%u", n));
}

static void put_problem(struct buf *out, const struct outcome *o, const struct ur_finding *f)
{
    static const char *const commands[] = {"notice", "warning", "error"};
    struct arena *a = out->arena;
    buf_addf(out, "::%s ", commands[f->level]);
    put_property(out, "title", str_fmt(a, "unroot: %s", f->rule));
    if (o->path.n)
        put_property(out, "file", problem_path(a, o));
    put_number(out, "line", f->line);
    put_number(out, "endLine", f->end_line);
    put_number(out, "col", f->column);
    buf_addz(out, "::");
    put(out, problem_text(a, o, f), "%\r\n");
    buf_addc(out, '\n');
}

static void input(const struct outcome *o, struct buf *out)
{
    struct problems list = problems_of(out->arena, o);
    VEC_EACH (f, &list)
        put_problem(out, o, f);
}

const struct report report_github = {
    .name = "github",
    .summary = "annotations of GitHub Actions (workflow commands)",
    .endings = "",
    .input = input,
};
