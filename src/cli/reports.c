/* A document that fails does not stop the others, nor the run: it is said at the end. */
#include "cli/reports.h"

#include "base/bug.h"
#include "engine/registry.h"

struct document {
    const struct report *report;
    struct writer *writer;
    struct out *out;
    bool own; /* `out` is a file of ours */
};

struct reports {
    const struct cli *cli;
    VEC(struct document) v;
};

static void write_out(void *ctx, struct str bytes)
{
    out_write(ctx, bytes);
}

static void add(struct reports *r, const char *format, struct out *out, bool own)
{
    struct arena *a = r->cli->arena;
    const struct report *report = report_find(str_of(format));
    if (!report)
        BUG("an option let the format '%s' through", format);
    struct writer *writer = writer_new(a, report, write_out, out);
    *vec_push(a, &r->v) = (struct document){report, writer, out, own};
}

struct reports *reports_open(const struct cli *c, struct out *standard)
{
    struct reports *r = arena_new(c->arena, struct reports);
    r->cli = c;
    if (c->options->format)
        add(r, c->options->format, standard, false);
    VEC_EACH (wanted, &c->options->reports) {
        struct out *out = out_open_file(c, wanted->file);
        if (!out) {
            reports_drop(r);
            return NULL;
        }
        add(r, wanted->format, out, true);
    }
    return r;
}

bool reports_wanted(const struct reports *r)
{
    return r->v.n > 0;
}

struct writer_part *reports_render(const struct reports *r, const struct outcome *o,
                                   struct arena *a)
{
    struct writer_part *parts = arena_alloc(a, (r->v.n + 1) * sizeof *parts);
    for (size_t i = 0; i < r->v.n; i++)
        writer_part(r->v.v[i].report, o, a, &parts[i]);
    return parts;
}

void reports_add(struct reports *r, const struct writer_part *parts)
{
    for (size_t i = 0; i < r->v.n; i++)
        writer_add(r->v.v[i].writer, &parts[i]);
}

struct outcome reports_failure(const char *path, const char *message)
{
    return (struct outcome){.path = str_of(path),
                            .kind = "dockerfile",
                            .status = UR_EIO,
                            .error = message,
                            .complaint = message,
                            .answer = UR_REFUSED,
                            .reason = "unhandled-input"};
}

bool reports_close(struct reports *r, size_t skipped)
{
    bool good = true;
    VEC_EACH (d, &r->v) {
        const char *wrong = writer_end(d->writer, skipped);
        if (wrong)
            cli_error(r->cli, "a report is not complete: %s", wrong);
        good &= !wrong;
        if (d->own && wrong)
            out_drop(d->out);
        else if (d->own)
            good &= out_close(d->out);
    }
    return good;
}

void reports_drop(struct reports *r)
{
    VEC_EACH (d, &r->v) {
        writer_drop(d->writer);
        if (d->own)
            out_drop(d->out);
    }
}
