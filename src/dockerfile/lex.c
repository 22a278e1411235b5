/*
 * Reads the file line by line the way Go's bufio.Scanner does for BuildKit, because its limits
 * decide what is a Dockerfile. Nothing is copied here.
 */
#include "dockerfile/lex.h"

#include "base/utf8.h"

bool lex_next(struct lex *lex, struct lex_line *out)
{
    struct str rest = str_from(lex->source, lex->at);
    if (!rest.n)
        return false;
    ptrdiff_t lf = str_chr(rest, '\n');
    size_t len = lf < 0 ? rest.n : (size_t)lf + 1;
    if (len > LEX_LINE_MAX - (lf < 0)) {
        lex->too_long = true;
        return false;
    }
    out->from = lex->at;
    out->to = lex->at + len;
    out->text = str_sub(rest, 0, len);
    while (out->text.n &&
           (out->text.p[out->text.n - 1] == '\n' || out->text.p[out->text.n - 1] == '\r'))
        out->text.n--;
    lex->at = out->to;
    lex->line++;
    return true;
}

struct str lex_trim_left(struct str s)
{
    size_t len;
    while (s.n && utf8_is_space(utf8_at(s, 0, &len)))
        s = str_from(s, len);
    return s;
}

/* The length of the last code point, stepping back over at most three continuation bytes. */
static size_t last_length(struct str s)
{
    for (size_t back = 1; back <= 4 && back <= s.n; back++) {
        size_t len;
        if ((s.p[s.n - back] & 0xC0) == 0x80)
            continue;
        utf8_at(s, s.n - back, &len);
        return len == back ? back : 1;
    }
    return 1;
}

struct str lex_trim(struct str s)
{
    s = lex_trim_left(s);
    while (s.n) {
        size_t len = last_length(s), got;
        if (!utf8_is_space(utf8_at(s, s.n - len, &got)))
            break;
        s.n -= len;
    }
    return s;
}

bool lex_is_comment(struct str line)
{
    line = lex_trim_left(line);
    return line.n && line.p[0] == '#';
}

bool lex_continued(struct str *line, char escape)
{
    struct str s = *line;
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    if (!s.n || s.p[s.n - 1] != escape || (s.n > 1 && s.p[s.n - 2] == escape))
        return false;
    line->n = s.n - 1;
    return true;
}

size_t lex_raw(const struct lex_logical *l, size_t logical, bool end)
{
    size_t lo = 0, hi = l->pieces.n;
    while (hi - lo > 1) {
        size_t mid = lo + (hi - lo) / 2;
        size_t begin = l->pieces.v[mid].logical;
        if (begin < logical || (begin == logical && !end))
            lo = mid;
        else
            hi = mid;
    }
    return l->pieces.v[lo].raw + (logical - l->pieces.v[lo].logical);
}
