/*
 * The distance is the number of letters to insert, delete, replace or exchange with their
 * neighbour. Three rows of the usual table are enough; words are short or not looked at.
 */
#include "cli/suggest.h"

enum { WORD_MAX = 40, FAR = 100 };

static unsigned min2(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static unsigned cost(const struct str a, const struct str b, size_t i, size_t j,
                     unsigned rows[3][WORD_MAX + 1])
{
    bool same = a.p[i - 1] == b.p[j - 1];
    unsigned best = rows[1][j - 1] + !same;
    best = min2(best, rows[1][j] + 1);
    best = min2(best, rows[2][j - 1] + 1);
    if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1])
        best = min2(best, rows[0][j - 2] + 1);
    return best;
}

static unsigned distance(struct str a, struct str b)
{
    unsigned rows[3][WORD_MAX + 1] = {0};
    if (a.n > WORD_MAX || b.n > WORD_MAX)
        return FAR;
    for (size_t j = 0; j <= b.n; j++)
        rows[2][j] = (unsigned)j;
    for (size_t i = 1; i <= a.n; i++) {
        memcpy(rows[0], rows[1], sizeof rows[0]);
        memcpy(rows[1], rows[2], sizeof rows[1]);
        rows[2][0] = (unsigned)i;
        for (size_t j = 1; j <= b.n; j++)
            rows[2][j] = cost(a, b, i, j, rows);
    }
    return rows[2][b.n];
}

void suggest_try(struct suggest *s, const char *candidate)
{
    struct str c = str_of(candidate);
    unsigned d = distance(s->word, c);
    unsigned limit = c.n <= 3 ? 1 : c.n <= 6 ? 2 : 3;
    /* A beginning of three letters is as good as a slip. */
    if (s->word.n >= 3 && str_starts(c, s->word))
        d = min2(d, 1);
    if (d <= limit && (!s->best || d < s->distance)) {
        s->best = candidate;
        s->distance = d;
    }
}

const char *suggest_text(const struct suggest *s, struct arena *a, const char *prefix)
{
    return s->best ? str_fmt(a, " (did you mean '%s%s'?)", prefix, s->best).p : "";
}
