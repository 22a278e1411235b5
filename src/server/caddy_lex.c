/*
 * As Caddy's lexer reads, byte by byte with the same few states, since it allows combinations that
 * no description mentions. The environment is put in before that: {$NAME:default} may stand
 * anywhere, and stands for its default here as long as that is one plain word.
 */
#include "server/caddy_lex.h"

#include "base/buf.h"
#include "base/utf8.h"

enum { MARKER_MAX = 64 };

typedef VEC(uint32_t) where_vec;

struct lexer {
    struct note *note;
    struct str text;
    size_t at;
    size_t close;           /* the next '}' from here or from before; text.n when there is none */
    unsigned line, skipped; /* skipped: escaped line ends, which belong to this line */
    /* the word being read */
    struct buf value;
    where_vec where;
    size_t begin;
    unsigned begin_line;
    size_t escape; /* where the last backslash stands */
    char quote;
    bool comment, escaped, plain_less, variable;
    /* the last word read */
    unsigned last_line;
    bool any;
};

bool caddy_is_open(const struct caddy_token *t)
{
    return !t->quote && str_is(t->word.value, "{");
}

bool caddy_is_close(const struct caddy_token *t)
{
    return !t->quote && str_is(t->word.value, "}");
}

static bool in_word(const struct lexer *l)
{
    return l->where.n > 0;
}

static void put(struct lexer *l, size_t at)
{
    buf_addc(&l->value, l->text.p[at]);
    *vec_push(l->note->arena, &l->where) = (uint32_t)at;
}

static void start(struct lexer *l)
{
    if (in_word(l))
        return;
    l->begin = l->at;
    l->begin_line = l->line;
}

/* The word as read so far, with the map of its bytes unless it stands in one piece. */
static struct server_word word_of(struct lexer *l)
{
    struct server_word w = {.quoted = l->quote != 0};
    bool whole = true;
    if (!in_word(l)) {
        w.raw = span_make(l->begin + (l->quote != 0), l->begin + (l->quote != 0));
        w.value = STR("");
        return w;
    }
    for (size_t i = 1; i < l->where.n && whole; i++)
        whole = l->where.v[i] == l->where.v[0] + i;
    w.value = buf_str(&l->value);
    w.raw = span_make(l->where.v[0], l->where.v[l->where.n - 1] + 1);
    if (w.raw.to < w.raw.from)
        w.raw = span_make(l->begin, l->at);
    if (!whole)
        w.where = l->where.v;
    return w;
}

static void emit(struct lexer *l, caddy_tokens *out)
{
    struct caddy_token t = {.word = word_of(l), .quote = l->quote, .variable = l->variable};
    t.first = !l->any || l->last_line < l->begin_line;
    *vec_push(l->note->arena, out) = t;
    l->any = true;
    l->last_line = l->line; /* a quoted word may have gone over lines */
    l->value = buf_in(l->note->arena);
    l->where = (where_vec){0};
    l->quote = 0;
    l->comment = l->escaped = l->plain_less = l->variable = false;
}

/* ---- the environment */

static bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (str_is_blank(s.p[i]) || strchr("\"`\\{#<", s.p[i]))
            return false;
    return true;
}

/* {$NAME} or {$NAME:default} at the reader's place: *end is behind it. */
static bool at_variable(struct lexer *l, size_t *end)
{
    if (!str_starts(str_from(l->text, l->at), STR("{$")))
        return false;
    if (l->close <= l->at) {
        ptrdiff_t close = str_chr(str_from(l->text, l->at), '}');
        l->close = close < 0 ? l->text.n : l->at + (size_t)close;
    }
    *end = l->close + 1;
    return l->close < l->text.n && l->close > l->at + 2;
}

static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (str_is_blank(s.p[i]) || strchr("\"`'\\{$#", s.p[i]))
            return false;
    return s.n > 0;
}

static void read_variable(struct lexer *l, size_t end)
{
    struct server_variable v = {.at = span_make(l->at, end)};
    struct str inside = str_sub(l->text, l->at + 2, end - 1);
    ptrdiff_t colon = str_chr(inside, ':');
    size_t from = l->at, to = end;
    v.name = colon < 0 ? inside : str_sub(inside, 0, (size_t)colon);
    v.has_fallback = colon >= 0;
    v.fallback = v.has_fallback ? str_from(inside, (size_t)colon + 1) : STR("");
    if (is_name(v.name))
        *vec_push(l->note->arena, &l->note->c->variables) = v;
    if (v.has_fallback && is_plain(v.fallback)) {
        from = l->at + 3 + (size_t)colon;
        to = end - 1;
    }
    if (!is_name(v.name) || (v.has_fallback && !is_plain(v.fallback)))
        note_unknown(l->note, l->at, "'{$%s' is no plain variable", note_quote(l->note, inside));
    if (l->comment) {
        l->at = end;
        return;
    }
    start(l);
    if (l->escaped)
        put(l, l->escape);
    l->escaped = false;
    l->variable = true;
    for (size_t i = from; i < to; i++)
        put(l, i);
    l->at = end;
}

/* ---- heredocs */

static bool is_marker(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!alnum && c != '-' && c != '_')
            return false;
    }
    return s.n > 0 && s.n <= MARKER_MAX;
}

/* At the line end behind "<<MARKER". */
static bool read_heredoc(struct lexer *l)
{
    struct str marker = str_from(buf_str(&l->value), 2);
    if (!is_marker(marker)) {
        note_broken(l->note, l->at, "a heredoc has no marker");
        return false;
    }
    ptrdiff_t end = str_find(str_from(l->text, l->at + 1), marker);
    if (end < 0) {
        note_broken(l->note, l->begin, "a heredoc is not closed");
        return false;
    }
    size_t from = l->at + 1, to = from + (size_t)end;
    l->value = buf_in(l->note->arena);
    l->where = (where_vec){0};
    l->line++;
    for (size_t i = from; i < to; i++) {
        put(l, i);
        l->line += l->text.p[i] == '\n';
    }
    l->quote = '<';
    l->at = to + marker.n;
    return true;
}

/* A byte of a word that begins with "<<". False: it is a common word after all. */
static bool in_marker(struct lexer *l, caddy_tokens *out)
{
    char c = l->text.p[l->at];
    if (c == ' ') {
        emit(l, out);
        l->at++;
    } else if (c == '\n') {
        if (!read_heredoc(l))
            return false;
        emit(l, out);
    } else {
        if (c != '\r')
            put(l, l->at);
        l->at++;
    }
    return true;
}

/* ---- bytes */

static void line_end(struct lexer *l)
{
    if (l->escaped) {
        l->skipped++;
        l->escaped = false;
    } else {
        l->line += 1 + l->skipped;
        l->skipped = 0;
    }
    l->comment = false;
}

static void blank(struct lexer *l, caddy_tokens *out, size_t len)
{
    char c = l->text.p[l->at];
    unsigned before = l->line;
    if (c == '\n')
        line_end(l);
    if (c != '\r' && in_word(l)) {
        unsigned now = l->line;
        l->line = before;
        emit(l, out);
        l->line = now;
    }
    l->at += len;
}

static void in_quotes(struct lexer *l, caddy_tokens *out)
{
    char c = l->text.p[l->at];
    if (l->quote == '"' && l->escaped) {
        if (c != '"')
            put(l, l->escape);
        l->escaped = false;
    } else if (c == l->quote) {
        emit(l, out);
        l->at++;
        return;
    }
    if (c == '\n') {
        l->line += 1 + l->skipped;
        l->skipped = 0;
    }
    put(l, l->at++);
}

static void plain(struct lexer *l)
{
    char c = l->text.p[l->at];
    if (c == '#' && !in_word(l))
        l->comment = true;
    if (l->comment) {
        l->at++;
        return;
    }
    start(l);
    if (!in_word(l) && (c == '"' || c == '`')) {
        l->quote = c;
        l->at++;
        return;
    }
    if (l->escaped) {
        if (c == '<')
            l->plain_less = true;
        else
            put(l, l->escape);
        l->escaped = false;
    }
    put(l, l->at++);
}

static bool begins_heredoc(const struct lexer *l)
{
    return !l->quote && !l->plain_less && l->value.n > 1 && l->value.p[0] == '<' &&
           l->value.p[1] == '<';
}

static bool step(struct lexer *l, caddy_tokens *out)
{
    size_t end, len = 1;
    char c = l->text.p[l->at];
    if (at_variable(l, &end)) {
        read_variable(l, end);
        return true;
    }
    if (begins_heredoc(l))
        return in_marker(l, out);
    if (!l->escaped && l->quote != '`' && c == '\\') {
        l->escaped = true;
        l->escape = l->at++;
        return true;
    }
    if (l->quote) {
        in_quotes(l, out);
    } else if (utf8_is_space(utf8_at(l->text, l->at, &len))) {
        blank(l, out, len);
    } else {
        plain(l);
    }
    return true;
}

bool caddy_lex(struct note *n, caddy_tokens *out)
{
    struct lexer l = {.note = n, .text = n->text, .line = 1, .value = buf_in(n->arena)};
    if (str_starts(n->text, STR("\xEF\xBB\xBF")))
        l.at = 3;
    while (l.at < l.text.n)
        if (!step(&l, out))
            return false;
    l.quote = 0; /* a quote that is not closed is none */
    if (in_word(&l))
        emit(&l, out);
    return true;
}
