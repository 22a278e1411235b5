/*
 * Common head and tail are taken off; what is left between them is compared by a table of longest
 * common subsequences, which is quadratic, so a difference of more than LINES_MAX lines is shown as
 * one block.
 */
#include "tests/support/linediff.h"

#include "base/vec.h"

enum { LINES_MAX = 400, SHOWN_MAX = 200 };

typedef VEC(struct str) lines_vec;

/* Lines with their terminators. */
static lines_vec lines_of(struct arena *a, struct str s)
{
    lines_vec out = {0};
    while (s.n) {
        ptrdiff_t at = str_chr(s, '\n');
        size_t n = at < 0 ? s.n : (size_t)at + 1;
        *vec_push(a, &out) = str_sub(s, 0, n);
        s = str_from(s, n);
    }
    return out;
}

static void add_line(struct buf *out, char sign, struct str line)
{
    bool ended = str_ends(line, STR("\n"));
    struct str text = str_sub(line, 0, line.n - ended);
    buf_addf(out, "    %c ", sign);
    for (size_t i = 0; i < text.n && i < SHOWN_MAX; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '\r')
            buf_addz(out, "\\r");
        else if (c == '\t')
            buf_addz(out, "\\t");
        else if (c < ' ' || c >= 0x7f)
            buf_addf(out, "\\x%02x", c);
        else
            buf_addc(out, (char)c);
    }
    buf_addf(out, "%s%s\n", text.n > SHOWN_MAX ? "..." : "", ended ? "" : "\\ no newline");
}

/* length[i * (m + 1) + j]: of the longest common subsequence of want[i..] and have[j..]. */
static unsigned *lengths(struct arena *a, const lines_vec *want, const lines_vec *have)
{
    size_t n = want->n, m = have->n;
    unsigned *len = arena_alloc(a, (n + 1) * (m + 1) * sizeof *len);
    for (size_t i = n; i-- > 0;)
        for (size_t j = m; j-- > 0;) {
            unsigned down = len[(i + 1) * (m + 1) + j], right = len[i * (m + 1) + j + 1];
            len[i * (m + 1) + j] = str_eq(want->v[i], have->v[j])
                                       ? len[(i + 1) * (m + 1) + j + 1] + 1
                                   : down > right ? down
                                                  : right;
        }
    return len;
}

static void walk(struct buf *out, const lines_vec *want, const lines_vec *have, const unsigned *len)
{
    size_t i = 0, j = 0, m = have->n;
    while (i < want->n || j < m) {
        if (i < want->n && j < m && str_eq(want->v[i], have->v[j])) {
            add_line(out, ' ', want->v[i]);
            i++;
            j++;
        } else if (i < want->n &&
                   (j == m || (len && len[(i + 1) * (m + 1) + j] >= len[i * (m + 1) + j + 1]))) {
            add_line(out, '-', want->v[i++]);
        } else if (i < want->n && !len) {
            add_line(out, '-', want->v[i++]);
        } else {
            add_line(out, '+', have->v[j++]);
        }
    }
}

static lines_vec part(const lines_vec *all, size_t from, size_t to)
{
    lines_vec out = {all->v + from, to - from, 0};
    return out;
}

void linediff_add(struct buf *out, struct str want, struct str have)
{
    struct arena *a = out->arena;
    lines_vec x = lines_of(a, want), y = lines_of(a, have);
    size_t head = 0, tail = 0;
    while (head < x.n && head < y.n && str_eq(x.v[head], y.v[head]))
        head++;
    while (tail < x.n - head && tail < y.n - head &&
           str_eq(x.v[x.n - tail - 1], y.v[y.n - tail - 1]))
        tail++;
    if (head)
        add_line(out, ' ', x.v[head - 1]);
    lines_vec left = part(&x, head, x.n - tail), right = part(&y, head, y.n - tail);
    bool small = left.n <= LINES_MAX && right.n <= LINES_MAX;
    walk(out, &left, &right, small ? lengths(a, &left, &right) : NULL);
    if (tail)
        add_line(out, ' ', x.v[x.n - tail]);
}

struct str linediff_json_lines(struct arena *a, struct str json)
{
    struct buf b = buf_in(a);
    bool quoted = false;
    for (size_t i = 0; i < json.n; i++) {
        char c = json.p[i];
        quoted ^= c == '"';
        buf_addc(&b, c);
        if (c == '\\' && i + 1 < json.n)
            buf_addc(&b, json.p[++i]);
        if (!quoted && (c == ',' || c == '{' || c == '['))
            buf_addc(&b, '\n');
    }
    return buf_str(&b);
}
