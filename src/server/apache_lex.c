/*
 * As ap_cfg_getline() and ap_getword_conf() read. A backslash at the very end of a line joins the
 * next one to it, in a comment too; a comment is a line, never the rest of one. Quotes matter only
 * at the beginning of a word; in quotes a backslash escapes the quote and itself, outside of them
 * only itself.
 */
#include "server/apache_lex.h"

#include "base/buf.h"

typedef VEC(uint32_t) where_vec;

/* The bytes of one physical line without its end, and where the next one begins. */
static struct span physical(struct apache_lexer *l, bool *continued)
{
    ptrdiff_t lf = str_chr(str_from(l->text, l->at), '\n');
    size_t from = l->at, to = lf < 0 ? l->text.n : l->at + (size_t)lf;
    *continued = false;
    l->at = lf < 0 ? to : to + 1;
    if (lf < 0)
        return span_make(from, to);
    if (to > from && l->text.p[to - 1] == '\r')
        to--;
    if (to > from && l->text.p[to - 1] == '\\') {
        *continued = l->at < l->text.n;
        to--;
    }
    return span_make(from, to);
}

static void trim(struct server_word *w)
{
    size_t from = 0, to = w->value.n;
    while (from < to && str_is_blank(w->value.p[from]))
        from++;
    while (to > from && str_is_blank(w->value.p[to - 1]))
        to--;
    if (w->where)
        w->where += from;
    else
        w->raw = span_make(w->raw.from + from, w->raw.from + to);
    w->value = str_sub(w->value, from, to);
}

/* Joins the piece to the line, which gets a map of its bytes. */
static void join(struct arena *a, struct buf *text, where_vec *where, struct str source,
                 struct span piece)
{
    buf_add(text, str_sub(source, piece.from, piece.to));
    for (uint32_t i = piece.from; i < piece.to; i++)
        *vec_push(a, where) = i;
}

static void read_line(struct apache_lexer *l)
{
    bool continued;
    struct span piece = physical(l, &continued);
    struct server_word w = {.value = str_sub(l->text, piece.from, piece.to), .raw = piece};
    if (continued) {
        struct buf text = buf_in(l->arena);
        where_vec where = {0};
        join(l->arena, &text, &where, l->text, piece);
        while (continued) {
            piece = physical(l, &continued);
            join(l->arena, &text, &where, l->text, piece);
        }
        w.value = buf_str(&text);
        w.raw.to = piece.to;
        w.where = where.v;
    }
    trim(&w);
    l->line = w;
}

bool apache_next(struct apache_lexer *l)
{
    while (l->at < l->text.n) {
        read_line(l);
        if (l->line.value.n && l->line.value.p[0] != '#')
            return true;
    }
    return false;
}

/* The bytes [from, to) of the line as a word; backslashes go. */
static struct server_word cut(struct arena *a, const struct server_word *line, size_t from,
                              size_t to, char quote)
{
    struct server_word w = {.quoted = quote != 0};
    struct str raw = str_sub(line->value, from, to);
    char *out = NULL;
    uint32_t *where = NULL;
    size_t n = 0;
    if (!note_span(line, from, to, &w.raw) && raw.n)
        w.raw = line->raw;
    w.value = raw;
    w.where = line->where ? line->where + from : NULL;
    if (str_chr(raw, '\\') < 0)
        return w;
    out = arena_bytes(a, raw.n);
    where = arena_alloc(a, raw.n * sizeof *where);
    for (size_t i = 0; i < raw.n; i++, n++) {
        char next = i + 1 < raw.n ? raw.p[i + 1] : 0;
        i += raw.p[i] == '\\' && next && (next == '\\' || (quote && next == quote));
        out[n] = raw.p[i];
        where[n] = line->where ? line->where[from + i] : line->raw.from + (uint32_t)(from + i);
    }
    w.value = str_make(out, n);
    w.where = where;
    return w;
}

bool apache_word(struct arena *a, const struct server_word *line, size_t *at,
                 struct server_word *out)
{
    struct str s = line->value;
    size_t from = *at;
    while (from < s.n && str_is_blank(s.p[from]))
        from++;
    *at = from;
    if (from >= s.n)
        return false;
    char quote = s.p[from] == '"' || s.p[from] == '\'' ? s.p[from] : 0;
    size_t to = from + (quote != 0);
    for (from = to; to < s.n && (quote ? s.p[to] != quote : !str_is_blank(s.p[to])); to++)
        if (quote && s.p[to] == '\\' && to + 1 < s.n &&
            (s.p[to + 1] == quote || s.p[to + 1] == '\\'))
            to++;
    *out = cut(a, line, from, to, quote);
    *at = to + (quote && to < s.n);
    return true;
}
