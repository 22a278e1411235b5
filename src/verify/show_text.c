/* For people: the verdict first, the table, then every reason in a line of its own. */
#include "base/utf8.h"
#include "verify/show.h"
#include "verify/table.h"

enum { LOG_LINES = 20 };

static size_t width_of(const struct table *t, int column)
{
    size_t width = column < 0 ? 0 : 6;
    VEC_EACH (row, &t->rows) {
        size_t n = utf8_count(column < 0 ? str_of(row->what) : row->cell[column]);
        width = n > width ? n : width;
    }
    return width;
}

static void pad(struct buf *out, struct str text, size_t width)
{
    size_t n = utf8_count(text);
    buf_add(out, text);
    buf_addf(out, "%*s", (int)(n < width ? width - n + 2 : 2), "");
}

static void trim_line(struct buf *out)
{
    while (out->n && out->p[out->n - 1] == ' ')
        out->n--;
    buf_addc(out, '\n');
}

static void show_table(struct buf *out, const struct table *t)
{
    static const char *const heads[] = {"before", "after", "restricted"};
    int columns = t->restricted ? TABLE_COLUMNS : TABLE_RESTRICTED;
    size_t first = width_of(t, -1);
    buf_addz(out, "  ");
    pad(out, STR(""), first);
    for (int i = 0; i < columns; i++)
        pad(out, str_of(heads[i]), width_of(t, i));
    trim_line(out);
    VEC_EACH (row, &t->rows) {
        buf_addz(out, "  ");
        pad(out, str_of(row->what), first);
        for (int i = 0; i < columns; i++)
            pad(out, row->cell[i], width_of(t, i));
        trim_line(out);
    }
}

static void show_differences(struct buf *out, const struct differences *d, const char *where)
{
    VEC_EACH (one, &d->list)
        buf_addf(out, "  differs%s: %.*s\n", where, STR_ARG(one->text));
}

/* The last lines, printable. */
static void show_log(struct buf *out, struct str log, const char *mark)
{
    struct str line;
    size_t lines = 0, from = log.n;
    while (from && lines <= LOG_LINES) {
        from--;
        lines += log.p[from] == '\n';
    }
    log = str_from(log, from);
    while (str_split(&log, '\n', &line))
        if (str_trim(line).n)
            buf_addf(out, "%s%.*s\n", mark, STR_ARG(utf8_safe(out->arena, line, 300)));
}

static void show_mounts(struct buf *out, const struct verify_report *r)
{
    static const char *const why[] = {"", ", given to the user", ", --writable", ", was missing"};
    VEC_EACH (m, &r->mounts.list)
        buf_addf(out, "  writable: %.*s (%s%s)\n", STR_ARG(m->path),
                 m->filled ? "a volume that begins with what the image has there"
                           : "an empty folder",
                 why[m->why]);
}

static void show_restricted(struct buf *out, const struct verify_report *r)
{
    struct str said = table_restricted(out->arena, r);
    if (!said.n)
        return;
    buf_addf(out, "\nrestricted (read-only root, no capabilities, no new privileges%s%s): %.*s\n",
             r->restricted_user ? ", user " : "", r->restricted_user ? r->restricted_user : "",
             STR_ARG(said));
    show_mounts(out, r);
    if (r->restricted == RESTRICTED_FAILS) {
        show_differences(out, &r->restricted_differences, "");
        show_log(out, r->restricted_trial.log, "  | ");
    }
    for (size_t i = 0; i < r->restricted_trial.smells.n && r->restricted != RESTRICTED_FAILS; i++)
        buf_addf(out, "  its log: %.*s\n", STR_ARG(r->restricted_trial.smells.v[i].line));
}

/* How the kubelet puts it, where it refuses. */
static void show_kubelet(struct buf *out, const char *which, const struct image *image)
{
    struct str said = table_kubelet(out->arena, image, true);
    if (image->known && !str_is(said, "accepted"))
        buf_addf(out, "  %s, runAsNonRoot: the pod would show CreateContainerConfigError: %.*s\n",
                 which, STR_ARG(said));
}

void show_text(struct buf *out, const struct verify_report *r)
{
    struct table t = table_make(out->arena, r);
    const char *path = utf8_safe(out->arena, str_of(r->plan->path), 0).p;
    buf_addz(out, path);
    if (*r->plan->target)
        buf_addf(out, " (%s)", utf8_safe(out->arena, str_of(r->plan->target), 0).p);
    buf_addf(out, ": %.*s\n", STR_ARG(table_verdict(r)));
    if (t.rows.n) {
        show_table(out, &t);
        show_kubelet(out, "before", &r->before.image);
        show_kubelet(out, "after", &r->after.image);
    }
    show_differences(out, &r->differences, "");
    if (r->differences.list.n && r->after.trial.done)
        show_log(out, r->after.trial.log, "  | ");
    show_log(out, r->build_log, "  | ");
    show_restricted(out, r);
    VEC_EACH (text, &r->notes)
        buf_addf(out, "  note: %s\n", *text);
}

void show_left_text(struct buf *out, const struct show_left *left)
{
    buf_addf(out, "%s: is not rewritten, and nothing was built: %s%s%s%s\n",
             utf8_safe(out->arena, str_of(left->path), 0).p, left->answer, left->reason ? " (" : "",
             left->reason ? left->reason : "", left->reason ? ")" : "");
}
