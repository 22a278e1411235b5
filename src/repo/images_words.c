/*
 * Words of "docker build" lines, wherever they stand: a shell script, a Makefile's recipe, a text
 * in YAML or JSON. This is no shell: it splits at blanks, takes quotes off, puts in what variables
 * are known to be and a hole for all others, and stops where the command does.
 */
#include "repo/images_words.h"
#include "base/buf.h"
#include "repo/images_reader.h"

static char peek(const struct images_words *w, size_t ahead)
{
    return w->at + ahead < w->text.n ? w->text.p[w->at + ahead] : 0;
}

static bool is_name(char c)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static struct str value_of(const struct images_words *w, struct str name)
{
    static const char hole[] = {IMAGES_HOLE, 0};
    struct str v = w->value ? w->value(w->ctx, str_trim(name)) : STR_NULL;
    return v.p ? v : str_make(hole, 1);
}

/* What stands between an opening sign and its end, nested ones of the same kind included. */
static struct str inside(struct images_words *w, char open, char close)
{
    size_t from = w->at, depth = 1;
    for (; w->at < w->text.n && depth; w->at++) {
        depth += w->text.p[w->at] == open;
        depth -= w->text.p[w->at] == close;
    }
    return str_sub(w->text, from, depth ? w->at : w->at - 1);
}

/* "${NAME:-value}" is the value where the name is not known. */
static struct str braced(const struct images_words *w, struct str inner)
{
    struct str name, rest = inner;
    str_split(&rest, ':', &name);
    struct str v = value_of(w, name);
    bool unknown = str_chr(v, IMAGES_HOLE) >= 0;
    if (unknown && rest.n > 1 && (rest.p[0] == '-' || rest.p[0] == '=') && str_chr(rest, '$') < 0)
        return str_from(rest, 1);
    return v;
}

/* Behind a '$'. */
static struct str variable(struct images_words *w)
{
    size_t from = w->at;
    if (peek(w, 0) == '{' && peek(w, 1) == '{') {
        w->at += 2;
        struct str inner = inside(w, '{', '}');
        w->at += peek(w, 0) == '}';
        return value_of(w, inner);
    }
    if (peek(w, 0) == '{') {
        w->at++;
        return braced(w, inside(w, '{', '}'));
    }
    if (peek(w, 0) == '(') {
        w->at++;
        return value_of(w, inside(w, '(', ')'));
    }
    while (is_name(peek(w, 0)))
        w->at++;
    if (w->at == from && peek(w, 0)) /* $1, $@, $$ */
        w->at++;
    return value_of(w, str_sub(w->text, from, w->at));
}

static bool is_end(const struct images_words *w, char c)
{
    return (w->outer && c == w->outer) || c == '\n' || c == ';' || c == '|' || c == '&' ||
           c == '>' || c == '<' || c == ')' || c == '`' || c == '#';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* A backslash before a line end joins the lines. */
static void skip_blanks(struct images_words *w)
{
    for (;;) {
        if (is_space(peek(w, 0)))
            w->at++;
        else if (peek(w, 0) == '\\' && peek(w, 1) == '\n')
            w->at += 2;
        else if (peek(w, 0) == '\\' && peek(w, 1) == '\r' && peek(w, 2) == '\n')
            w->at += 3;
        else
            return;
    }
}

bool images_words_next(struct images_words *w, struct str *word)
{
    struct buf b = buf_in(w->arena);
    char quote = 0, c;
    skip_blanks(w);
    size_t from = w->at;
    if (!peek(w, 0) || is_end(w, peek(w, 0)))
        return false;
    for (; (c = peek(w, 0)) && c != '\n'; w->at++) {
        if (!quote && (is_space(c) || is_end(w, c)))
            break;
        if (quote ? c == quote : c == '"' || c == '\'') {
            quote = quote ? 0 : c;
        } else if (c == '\\' && quote != '\'') {
            if (peek(w, 1) == '\n')
                break;
            w->at += peek(w, 1) != 0;
            buf_addc(&b, w->at < w->text.n ? w->text.p[w->at] : '\\');
        } else if (c == '$' && quote != '\'') {
            w->at++;
            struct str v = variable(w);
            buf_add(&b, v);
            w->at--;
        } else {
            buf_addc(&b, c);
        }
    }
    *word = buf_str(&b);
    return w->at > from;
}
