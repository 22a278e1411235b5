#include "text/lines.h"

#include "base/utf8.h"

struct lines lines_of(struct arena *a, struct str text)
{
    size_t n = 1;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    size_t *begin = arena_alloc(a, n * sizeof *begin);
    n = 1;
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] == '\n')
            begin[n++] = i + 1;
    return (struct lines){text, begin, n};
}

struct str lines_text(const struct lines *l, size_t first, size_t last)
{
    if (first < 1)
        first = 1;
    if (last > l->n)
        last = l->n;
    if (first > last)
        return STR("");
    return str_sub(l->text, l->begin[first - 1], last < l->n ? l->begin[last] : l->text.n);
}

struct lines_place lines_find(const struct lines *l, size_t offset)
{
    size_t low = 0, high = l->n; /* the line is in [low, high) */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (l->begin[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    struct str before = str_sub(l->text, l->begin[low], offset);
    if (low == 0 && str_starts(before, STR("\xEF\xBB\xBF")))
        before = str_from(before, 3);
    return (struct lines_place){low + 1, utf8_count(before) + 1};
}
