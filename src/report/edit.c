/* A place between two bytes is good to cut at when it is on the border of a character on both
 * sides, and not within a CRLF. */
#include "report/edit.h"

#include "base/utf8.h"

static bool is_inside(struct str s, size_t at)
{
    if (at >= s.n)
        return false;
    return ((unsigned char)s.p[at] & 0xC0) == 0x80 ||
           (at && s.p[at - 1] == '\r' && s.p[at] == '\n');
}

static size_t common_front(struct str x, struct str y)
{
    size_t n = 0;
    while (n < x.n && n < y.n && x.p[n] == y.p[n])
        n++;
    while (n && (is_inside(x, n) || is_inside(y, n)))
        n--;
    return n;
}

static size_t common_end(struct str x, struct str y)
{
    size_t n = 0;
    while (n < x.n && n < y.n && x.p[x.n - 1 - n] == y.p[y.n - 1 - n])
        n++;
    while (n && (is_inside(x, x.n - n) || is_inside(y, y.n - n)))
        n--;
    return n;
}

static void add(struct arena *a, struct edits *out, const struct lines *lines,
                const struct patch_edit *e)
{
    struct str old = str_sub(lines->text, e->old.from, e->old.to), with = e->with;
    size_t front = common_front(old, with);
    old = str_from(old, front);
    with = str_from(with, front);
    size_t end = common_end(old, with);
    old = str_sub(old, 0, old.n - end);
    with = str_sub(with, 0, with.n - end);
    if (!old.n && !with.n)
        return;
    size_t from = e->old.from + front;
    *vec_push(a, out) =
        (struct edit){lines_find(lines, from), lines_find(lines, from + old.n), with};
}

struct edits edits_of(struct arena *a, const struct outcome_change *c)
{
    struct edits out = {0};
    struct lines lines = lines_of(a, c->was);
    if (!utf8_valid(c->was))
        return out;
    for (size_t i = 0; i < c->n; i++) {
        if (!utf8_valid(c->edits[i].with))
            return (struct edits){0};
        add(a, &out, &lines, &c->edits[i]);
    }
    return out;
}
