/* What strangers wrote stands in cells and in code: neither may end the one or the other. */
#include "base/utf8.h"
#include "verify/show.h"
#include "verify/table.h"

/* Text in a cell or a sentence: nothing in it is Markdown or HTML. */
static void plain(struct buf *out, struct str text)
{
    text = utf8_safe(out->arena, text, 400);
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '<')
            buf_addz(out, "&lt;");
        else if (c == '&')
            buf_addz(out, "&amp;");
        else if (strchr("\\`*_[]|~#@", c))
            buf_addf(out, "\\%c", c);
        else
            buf_addc(out, c);
    }
}

static void show_row(struct buf *out, const struct table_row *row, int columns)
{
    buf_addz(out, "| ");
    plain(out, str_of(row->what));
    for (int i = 0; i < columns; i++) {
        buf_addz(out, " | ");
        plain(out, row->cell[i]);
    }
    buf_addz(out, " |\n");
}

static void show_table(struct buf *out, const struct table *t)
{
    int columns = t->restricted ? TABLE_COLUMNS : TABLE_RESTRICTED;
    buf_addf(out, "\n| | before | after |%s\n|---|---|---|%s\n",
             t->restricted ? " restricted |" : "", t->restricted ? "---|" : "");
    VEC_EACH (row, &t->rows)
        show_row(out, row, columns);
}

static void show_differences(struct buf *out, const char *title, const struct differences *d)
{
    if (!d->list.n)
        return;
    buf_addf(out, "\n%s:\n\n", title);
    VEC_EACH (one, &d->list) {
        buf_addz(out, "- ");
        plain(out, one->text);
        buf_addc(out, '\n');
    }
}

static void show_mounts(struct buf *out, const struct verify_report *r)
{
    buf_addz(out, "\n");
    VEC_EACH (m, &r->mounts.list) {
        buf_addz(out, "- writable: ");
        plain(out, m->path);
        buf_addf(out, "%s%s\n", m->filled ? ", filled from the image" : "",
                 m->why == MOUNT_FOUND ? " (**was missing**)" : "");
    }
}

void show_markdown(struct buf *out, const struct verify_report *r)
{
    struct table t = table_make(out->arena, r);
    buf_addf(out, "### %s ", r->verdict == VERIFY_SAME ? "✅" : "❌");
    plain(out, str_of(r->plan->path));
    if (*r->plan->target) {
        buf_addz(out, " (");
        plain(out, str_of(r->plan->target));
        buf_addc(out, ')');
    }
    buf_addz(out, ": ");
    plain(out, table_verdict(r));
    buf_addc(out, '\n');
    if (t.rows.n)
        show_table(out, &t);
    show_differences(out, "What differs", &r->differences);
    struct str restricted = table_restricted(out->arena, r);
    if (restricted.n) {
        buf_addz(out, "\nUnder the restricted policy with a read-only root: it ");
        plain(out, restricted);
        buf_addz(out, ".\n");
        show_mounts(out, r);
        if (r->restricted == RESTRICTED_FAILS)
            show_differences(out, "What differs there", &r->restricted_differences);
    }
    VEC_EACH (text, &r->notes) {
        buf_addz(out, "\nNote: ");
        plain(out, str_of(*text));
        buf_addc(out, '\n');
    }
}

void show_left_markdown(struct buf *out, const struct show_left *left)
{
    buf_addz(out, "### \xe2\x9d\x8c ");
    plain(out, str_of(left->path));
    buf_addf(out, ": is not rewritten, and nothing was built: %s%s%s%s\n", left->answer,
             left->reason ? " (" : "", left->reason ? left->reason : "", left->reason ? ")" : "");
}
