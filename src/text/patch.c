/*
 * Edits are widened to whole lines and merged where they meet; each such region becomes lines taken
 * out and lines put in, with the lines that both have in common kept as context. A line includes
 * its terminator, so CRLF and a missing final newline need no special case.
 */
#include "text/patch.h"

#include "base/buf.h"
#include "base/vec.h"

enum { CONTEXT = 3, LCS_MAX = 300 };

/* Old lines [from, to) become `with`. */
struct region {
    size_t from, to; /* bytes */
    struct str with;
};

/* One line of the output in order: ' ', '-' or '+'. */
struct row {
    char mark;
    struct str line;
    size_t offset; /* in the old text */
};

typedef VEC(struct row) rows_vec;
typedef VEC(struct str) lines_vec;
typedef VEC(struct region) regions_vec;

static size_t line_begin(struct str s, size_t at)
{
    return (size_t)(str_rchr(str_sub(s, 0, at), '\n') + 1);
}

static size_t line_end(struct str s, size_t at)
{
    ptrdiff_t lf = str_chr(str_from(s, at), '\n');
    return lf < 0 ? s.n : at + (size_t)lf + 1;
}

static bool at_line_begin(struct str s, size_t at)
{
    return at == 0 || s.p[at - 1] == '\n';
}

/* Where whole lines end on both sides, when the old text was worked off up to `at` and the new text
 * of the region is `with` so far. */
static size_t region_end(struct str s, size_t at, const struct buf *with)
{
    bool new_line = !with->n || with->p[with->n - 1] == '\n';
    return new_line && at_line_begin(s, at) ? at : line_end(s, at);
}

static void find_regions(struct arena *a, const struct patch *p, regions_vec *out)
{
    for (size_t i = 0; i < p->n;) {
        size_t from = line_begin(p->source, p->edits[i].old.from), at = from, end;
        struct buf with = buf_in(a);
        do { /* this edit, and those in lines that are not finished */
            const struct patch_edit *e = &p->edits[i++];
            buf_add(&with, str_sub(p->source, at, e->old.from));
            buf_add(&with, e->with);
            at = e->old.to;
            end = region_end(p->source, at, &with);
        } while (i < p->n && line_begin(p->source, p->edits[i].old.from) < end);
        buf_add(&with, str_sub(p->source, at, end));
        *vec_push(a, out) = (struct region){from, end, buf_str(&with)};
    }
}

static void split_lines(struct arena *a, struct str s, lines_vec *out)
{
    for (size_t at = 0; at < s.n;) {
        size_t end = line_end(s, at);
        *vec_push(a, out) = str_sub(s, at, end);
        at = end;
    }
}

static void add_row(struct arena *a, rows_vec *rows, char mark, struct str line, size_t offset)
{
    *vec_push(a, rows) = (struct row){mark, line, offset};
}

/* Longest common subsequence of two short lists: the table of lengths, from the end. */
static unsigned short *lcs_table(struct arena *a, const lines_vec *x, const lines_vec *y)
{
    size_t w = y->n + 1;
    unsigned short *t = arena_alloc(a, (x->n + 1) * w * sizeof *t);
    for (size_t i = x->n; i-- > 0;)
        for (size_t j = y->n; j-- > 0;) {
            unsigned short down = t[(i + 1) * w + j], right = t[i * w + j + 1];
            t[i * w + j] = str_eq(x->v[i], y->v[j]) ? (unsigned short)(t[(i + 1) * w + j + 1] + 1)
                           : down > right           ? down
                                                    : right;
        }
    return t;
}

static void region_rows(struct arena *a, const struct patch *p, const struct region *r,
                        rows_vec *rows)
{
    lines_vec old = {0}, new = {0};
    split_lines(a, str_sub(p->source, r->from, r->to), &old);
    split_lines(a, r->with, &new);
    bool small = old.n <= LCS_MAX && new.n <= LCS_MAX;
    unsigned short *t = small ? lcs_table(a, &old, &new) : NULL;
    size_t i = 0, j = 0, offset = r->from, w = new.n + 1;
    while (i < old.n || j < new.n) {
        if (i < old.n && j < new.n &&str_eq(old.v[i], new.v[j])) {
            add_row(a, rows, ' ', old.v[i], offset);
            offset += old.v[i++].n;
            j++;
        } else if (i < old.n && (j == new.n || !t || t[(i + 1) * w + j] >= t[i * w + j + 1])) {
            add_row(a, rows, '-', old.v[i], offset);
            offset += old.v[i++].n;
        } else {
            add_row(a, rows, '+', new.v[j++], offset);
        }
    }
}

/* Within a run of changed lines the ones taken out come first, as readers expect. */
static void order_rows(struct arena *a, rows_vec *rows)
{
    for (size_t i = 0, end; i < rows->n; i = end + (end == i)) {
        for (end = i; end < rows->n && rows->v[end].mark != ' ';)
            end++;
        rows_vec sorted = {0};
        for (const char *mark = "-+"; *mark; mark++)
            for (size_t j = i; j < end; j++)
                if (rows->v[j].mark == *mark)
                    *vec_push(a, &sorted) = rows->v[j];
        if (sorted.n)
            memcpy(rows->v + i, sorted.v, sorted.n * sizeof *sorted.v);
    }
}

/* Every line of the source and of the regions, marked. Far context is left out later. */
static void all_rows(struct arena *a, const struct patch *p, rows_vec *rows)
{
    regions_vec regions = {0};
    size_t at = 0;
    find_regions(a, p, &regions);
    VEC_EACH (r, &regions) {
        for (; at < r->from; at = line_end(p->source, at))
            add_row(a, rows, ' ', str_sub(p->source, at, line_end(p->source, at)), at);
        region_rows(a, p, r, rows);
        at = r->to;
    }
    for (size_t n = 0; at < p->source.n && n < CONTEXT; at = line_end(p->source, at), n++)
        add_row(a, rows, ' ', str_sub(p->source, at, line_end(p->source, at)), at);
}

/* ---- output --------------------------------------------------------------------------------- */

static bool needs_quotes(struct str path)
{
    for (size_t i = 0; i < path.n; i++) {
        unsigned char c = (unsigned char)path.p[i];
        if (c < 0x20 || c >= 0x7F || c == '"' || c == '\\')
            return true;
    }
    return false;
}

/* git's quote_c_style. */
static void put_path(struct buf *b, const char *prefix, struct str path)
{
    static const char from[] = "\a\b\t\n\v\f\r\"\\", to[] = "abtnvfr\"\\";
    if (!needs_quotes(path)) {
        buf_addf(b, "%s%.*s%s\n", prefix, STR_ARG(path), str_chr(path, ' ') >= 0 ? "\t" : "");
        return;
    }
    buf_addf(b, "%.4s\"%s", prefix, prefix + 4);
    for (size_t i = 0; i < path.n; i++) {
        unsigned char c = (unsigned char)path.p[i];
        const char *hit = c ? strchr(from, c) : NULL;
        if (hit)
            buf_addf(b, "\\%c", to[hit - from]);
        else if (c < 0x20 || c >= 0x7F)
            buf_addf(b, "\\%03o", c);
        else
            buf_addc(b, (char)c);
    }
    buf_addz(b, "\"\n");
}

static void put_range(struct buf *b, char mark, size_t before, size_t count)
{
    buf_addf(b, "%c%zu", mark, count ? before + 1 : before);
    if (count != 1)
        buf_addf(b, ",%zu", count);
}

struct hunk {
    size_t from, to;       /* rows */
    size_t old_at, new_at; /* lines in front of it */
};

static void put_hunk(struct buf *b, const struct patch *p, const rows_vec *rows,
                     const struct hunk *h)
{
    size_t old_count = 0, new_count = 0;
    for (size_t i = h->from; i < h->to; i++) {
        old_count += rows->v[i].mark != '+';
        new_count += rows->v[i].mark != '-';
    }
    buf_addz(b, "@@ ");
    put_range(b, '-', h->old_at, old_count);
    buf_addc(b, ' ');
    put_range(b, '+', h->new_at, new_count);
    buf_addz(b, " @@");
    struct str heading = p->heading ? p->heading(p->ctx, rows->v[h->from].offset) : STR("");
    if (heading.n)
        buf_addf(b, " %.*s", STR_ARG(heading));
    buf_addc(b, '\n');
    for (size_t i = h->from; i < h->to; i++) {
        buf_addc(b, rows->v[i].mark);
        buf_add(b, rows->v[i].line);
        if (!str_ends(rows->v[i].line, STR("\n")))
            buf_addz(b, "\n\\ No newline at end of file\n");
    }
}

/* The hunk around the change at row `at`: changes with at most 2*CONTEXT lines between belong
 * together. */
static struct hunk find_hunk(const rows_vec *rows, size_t at)
{
    size_t last = at, i = at;
    for (; i < rows->n && i - last <= 2 * CONTEXT + 1; i++)
        if (rows->v[i].mark != ' ')
            last = i;
    size_t to = last + 1 + CONTEXT;
    return (struct hunk){.from = at > CONTEXT ? at - CONTEXT : 0,
                         .to = to < rows->n ? to : rows->n};
}

struct str patch_print(struct arena *a, const struct patch *p)
{
    struct buf b = buf_in(a);
    rows_vec rows = {0};
    size_t old_line = 0, new_line = 0, done = 0;
    all_rows(a, p, &rows);
    order_rows(a, &rows);
    for (size_t i = 0; i < rows.n; i++) {
        if (rows.v[i].mark == ' ')
            continue;
        struct hunk h = find_hunk(&rows, i);
        if (h.from < done)
            h.from = done;
        for (; done < h.from; done++, old_line++, new_line++)
            ;
        h.old_at = old_line;
        h.new_at = new_line;
        if (!b.n) {
            put_path(&b, "--- a/", p->path);
            put_path(&b, "+++ b/", p->path);
        }
        put_hunk(&b, p, &rows, &h);
        for (; done < h.to; done++) {
            old_line += rows.v[done].mark != '+';
            new_line += rows.v[done].mark != '-';
        }
        i = h.to - 1;
    }
    return buf_str(&b);
}

struct str patch_apply(struct arena *a, struct str source, const struct patch_edit *edits, size_t n)
{
    struct buf b = buf_in(a);
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        buf_add(&b, str_sub(source, at, edits[i].old.from));
        buf_add(&b, edits[i].with);
        at = edits[i].old.to;
    }
    buf_add(&b, str_from(source, at));
    return buf_str(&b);
}
