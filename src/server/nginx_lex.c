/*
 * As ngx_conf_read_token() reads. Its rules are few and some are odd: a backslash takes any byte
 * into the word, but only before a quote, a backslash, t, r or n does it disappear; "${" does not
 * open a block; "}" and "#" within a word mean nothing; behind a closing quote only a blank, ";",
 * "{" or ")" may follow.
 */
#include "server/nginx_lex.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static enum nginx_end bad(struct nginx_lexer *l, const char *why)
{
    l->wrong = why;
    return NGINX_BAD;
}

static void skip_blanks(struct nginx_lexer *l)
{
    while (l->at < l->text.n) {
        char c = l->text.p[l->at];
        if (c == '#') {
            ptrdiff_t lf = str_chr(str_from(l->text, l->at), '\n');
            l->at = lf < 0 ? l->text.n : l->at + (size_t)lf;
        } else if (is_blank(c)) {
            l->at++;
        } else {
            return;
        }
    }
}

/* Takes the backslashes out. */
static void decode(struct nginx_lexer *l, struct server_word *w)
{
    struct str raw = str_sub(l->text, w->raw.from, w->raw.to);
    w->value = raw;
    if (str_chr(raw, '\\') < 0)
        return;
    char *out = arena_bytes(l->arena, raw.n);
    uint32_t *where = arena_alloc(l->arena, raw.n * sizeof *where);
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++, n++) {
        static const char from[] = "\"'\\trn", to[] = "\"'\\\t\r\n";
        const char *hit = raw.p[i] == '\\' && i + 1 < raw.n ? strchr(from, raw.p[i + 1]) : NULL;
        where[n] = w->raw.from + (uint32_t)i;
        out[n] = hit ? to[hit - from] : raw.p[i];
        i += hit != NULL;
    }
    w->value = str_make(out, n);
    w->where = where;
}

/* Goes to the byte that ends the word. False when none does. */
static bool find_end(struct nginx_lexer *l, char quote)
{
    bool variable = false; /* the last byte was "$" */
    for (size_t from = l->at; l->at < l->text.n; l->at++) {
        char c = l->text.p[l->at];
        bool first = !quote && l->at == from;
        if (!first && c == '{' && variable)
            continue;
        variable = c == '$';
        if (c == '\\')
            l->at++;
        else if (!first && (quote ? c == quote : is_blank(c) || c == ';' || c == '{'))
            return true;
    }
    l->at = l->text.n;
    return false;
}

static bool read_word(struct nginx_lexer *l)
{
    struct server_word w = {0};
    char quote = l->text.p[l->at];
    if (quote != '"' && quote != '\'')
        quote = 0;
    l->at += quote != 0;
    size_t from = l->at;
    if (!find_end(l, quote)) {
        l->wrong = quote ? "a quote is not closed" : "the file ends within a directive";
        return false;
    }
    w.raw = span_make(from, l->at);
    w.quoted = quote != 0;
    l->at += quote != 0;
    decode(l, &w);
    *vec_push(l->arena, &l->words) = w;
    char next = l->at < l->text.n ? l->text.p[l->at] : ' ';
    if (quote && !is_blank(next) && next != ';' && next != '{' && next != ')') {
        l->wrong = "something stands directly behind a quote";
        return false;
    }
    return true;
}

enum nginx_end nginx_next(struct nginx_lexer *l)
{
    l->words.n = 0;
    for (;;) {
        skip_blanks(l);
        bool some = l->words.n > 0;
        if (!some)
            l->whole.from = (uint32_t)l->at;
        if (l->at >= l->text.n)
            return some ? bad(l, "the file ends within a directive") : NGINX_EOF;
        char c = l->text.p[l->at];
        if (c == ';' || c == '{') {
            if (!some)
                return bad(l, "no directive stands before this");
            l->whole.to = (uint32_t)++l->at;
            return c == ';' ? NGINX_SIMPLE : NGINX_OPEN;
        }
        if (c == '}') {
            if (some)
                return bad(l, "a directive is not ended");
            l->whole.to = (uint32_t)++l->at;
            return NGINX_CLOSE;
        }
        if (!read_word(l))
            return NGINX_BAD;
    }
}

/* ---- Lua, as far as it hides braces */

/* The number of "=" in "[==[" at `at`, or -1. */
static ptrdiff_t long_bracket(struct str s, size_t at)
{
    size_t i = at + 1;
    if (at >= s.n || s.p[at] != '[')
        return -1;
    while (i < s.n && s.p[i] == '=')
        i++;
    return i < s.n && s.p[i] == '[' ? (ptrdiff_t)(i - at - 1) : -1;
}

/* Behind "]==]" with as many "=". */
static size_t long_end(struct str s, size_t at, size_t level)
{
    for (; at < s.n; at++) {
        size_t i = at + 1;
        if (s.p[at] != ']')
            continue;
        while (i < s.n && s.p[i] == '=')
            i++;
        if (i < s.n && s.p[i] == ']' && i - at - 1 == level)
            return i + 1;
        at = i - 1;
    }
    return s.n;
}

static size_t lua_string_end(struct str s, size_t at)
{
    char quote = s.p[at++];
    while (at < s.n && s.p[at] != quote)
        at += s.p[at] == '\\' ? 2 : 1;
    return at + 1;
}

static size_t lua_comment_end(struct str s, size_t at)
{
    ptrdiff_t level = long_bracket(s, at + 2);
    if (level >= 0)
        return long_end(s, at + 4 + (size_t)level, (size_t)level);
    ptrdiff_t lf = str_chr(str_from(s, at), '\n');
    return lf < 0 ? s.n : at + (size_t)lf;
}

bool nginx_skip_lua(struct nginx_lexer *l)
{
    struct str s = l->text;
    size_t depth = 1;
    while (l->at < s.n) {
        char c = s.p[l->at];
        ptrdiff_t level = c == '[' ? long_bracket(s, l->at) : -1;
        if (c == '-' && l->at + 1 < s.n && s.p[l->at + 1] == '-') {
            l->at = lua_comment_end(s, l->at);
        } else if (level >= 0) {
            l->at = long_end(s, l->at + 2 + (size_t)level, (size_t)level);
        } else if (c == '"' || c == '\'') {
            l->at = lua_string_end(s, l->at);
        } else {
            depth += c == '{';
            depth -= c == '}';
            l->at++;
        }
        if (!depth)
            return true;
    }
    l->at = s.n;
    l->wrong = "a block of Lua is not closed";
    return false;
}
