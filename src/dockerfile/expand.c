/*
 * One pass over the text, writing into one buffer. What stands inside a ${} is read into the same
 * buffer and stays there or is cut off again, so that nesting never copies. Only what comes from
 * values counts against the limits: text of the source is bounded by the source.
 */
#include "dockerfile/expand_internal.h"

#include "base/utf8.h"

/* The text that values may add to a result, and the work that one call may cost. */
enum { OUT_MAX = 1 << 20, WORK_MAX = 16 << 20 };

/* ---- limits and errors ---------------------------------------------------------------------- */

bool expand_fail(struct expand_lexer *l, const char *message)
{
    if (!l->error)
        l->error = message;
    return false;
}

bool expand_over_limit(struct expand_lexer *l, const char *what)
{
    l->error = what;
    l->over_limit = true;
    return false;
}

bool expand_spend(struct expand_lexer *l, size_t cost)
{
    if (cost > l->work) {
        l->work = 0;
        return expand_over_limit(l, "expansion takes too much work");
    }
    l->work -= cost;
    return true;
}

bool expand_put(struct expand_lexer *l, struct str s)
{
    if (l->out.n > l->out_max || s.n > l->out_max - l->out.n)
        return expand_over_limit(l, "expansion is too long");
    if (!expand_spend(l, s.n))
        return false;
    buf_add(&l->out, s);
    return true;
}

struct str expand_since(const struct expand_lexer *l, size_t mark)
{
    return str_from(str_make(l->out.p, l->out.n), mark);
}

/* ---- words ---------------------------------------------------------------------------------- */

static void end_word(struct expand_lexer *l)
{
    if (!l->pending.n)
        return;
    *vec_push(l->arena, &l->words->words) = str_dup(l->arena, buf_str(&l->pending));
    l->pending.n = 0;
}

/* Go's range over a string reads an invalid byte as U+FFFD. */
static void split(struct expand_lexer *l, struct str text)
{
    struct str s = utf8_repair(l->arena, text);
    size_t len;
    for (size_t i = 0; i < s.n; i += len) {
        if (utf8_is_space(utf8_at(s, i, &len)))
            end_word(l);
        else
            buf_add(&l->pending, str_sub(s, i, i + len));
    }
}

/* Hands on what was written since `mark`. Inside of ${} nobody looks at words. */
static void collect(struct expand_lexer *l, size_t mark, bool splits)
{
    struct str piece = expand_since(l, mark);
    if (!l->words || l->depth || !piece.n)
        return;
    if (splits)
        split(l, piece);
    else
        buf_add(&l->pending, piece);
}

/* ---- the lexer ------------------------------------------------------------------------------ */

int32_t expand_peek(const struct expand_lexer *l)
{
    size_t len;
    return l->at < l->src.n ? (int32_t)utf8_at(l->src, l->at, &len) : EXPAND_END;
}

int32_t expand_next(struct expand_lexer *l)
{
    size_t len;
    if (l->at >= l->src.n)
        return EXPAND_END;
    int32_t cp = (int32_t)utf8_at(l->src, l->at, &len);
    l->at += len;
    return cp;
}

static void put_source(struct expand_lexer *l, size_t from, size_t to)
{
    buf_add(&l->out, str_sub(l->src, from, to));
}

static bool single_quotes(struct expand_lexer *l)
{
    size_t from = l->at;
    ptrdiff_t n = str_chr(str_from(l->src, from + 1), '\'');
    if (n < 0) {
        l->at = l->src.n;
        return expand_fail(l,
                           "unexpected end of statement while looking for matching single-quote");
    }
    size_t end = from + 1 + (size_t)n;
    l->at = end + 1;
    if (l->raw_quotes)
        put_source(l, from, end + 1);
    else
        put_source(l, from + 1, end);
    return true;
}

/*
 * An escape character in double quotes. With raw_escapes BuildKit writes it twice when the next one
 * cannot be escaped; a heredoc word read so keeps both.
 */
static void escape_in_quotes(struct expand_lexer *l)
{
    l->at++;
    if (l->raw_escapes)
        buf_addc(&l->out, l->escape);
    if (l->at >= l->src.n)
        return;
    char c = l->src.p[l->at];
    if (c == '"' || c == '$' || c == l->escape)
        l->at++;
    else
        c = l->escape;
    buf_addc(&l->out, c);
}

static bool double_quotes(struct expand_lexer *l)
{
    if (l->raw_quotes)
        buf_addc(&l->out, '"');
    l->at++;
    while (l->at < l->src.n) {
        char c = l->src.p[l->at];
        if (c == '$') {
            if (!expand_dollar(l))
                return false;
        } else if (c == l->escape) {
            escape_in_quotes(l);
        } else {
            l->at++;
            if (c != '"' || l->raw_quotes)
                buf_addc(&l->out, c);
            if (c == '"')
                return true;
        }
    }
    return expand_fail(l, "unexpected end of statement while looking for matching double-quote");
}

/* Outside of quotes any character can be escaped, and an escape character at the end is dropped. */
static void escaped(struct expand_lexer *l)
{
    size_t from = l->raw_escapes ? l->at : l->at + 1;
    l->at++;
    expand_next(l);
    put_source(l, from, l->at);
}

/* "<<" takes the white space behind it along, so that it splits no word. */
static void angle(struct expand_lexer *l)
{
    size_t from = l->at++;
    if (expand_peek(l) == '<') {
        l->at++;
        while (l->at < l->src.n && memchr("\t\r ", l->src.p[l->at], 3))
            l->at++;
    }
    put_source(l, from, l->at);
}

static bool is_special(const struct expand_lexer *l, char c)
{
    return c == '$' || c == '<' || c == l->escape || ((c == '\'' || c == '"') && !l->plain_quotes);
}

static void ordinary(struct expand_lexer *l, char stop)
{
    size_t from = l->at;
    while (l->at < l->src.n && !is_special(l, l->src.p[l->at]) &&
           (!stop || l->src.p[l->at] != stop))
        l->at++;
    put_source(l, from, l->at);
}

static bool piece(struct expand_lexer *l, char c, char stop)
{
    if (!is_special(l, c))
        ordinary(l, stop);
    else if (c == l->escape)
        escaped(l);
    else if (c == '$')
        return expand_dollar(l);
    else if (c == '\'')
        return single_quotes(l);
    else if (c == '"')
        return double_quotes(l);
    else
        angle(l);
    return true;
}

bool expand_until(struct expand_lexer *l, char stop)
{
    while (l->at < l->src.n) {
        size_t mark = l->out.n;
        char c = l->src.p[l->at];
        if (stop && c == stop) {
            l->at++;
            return true;
        }
        if (!piece(l, c, stop))
            return false;
        collect(l, mark, c == '$' || !is_special(l, c));
    }
    return !stop; /* the one who wants it says what is missing */
}

/* ---- entries -------------------------------------------------------------------------------- */

/* Go's text/scanner skips a byte order mark at the start of what it reads. */
static struct str readable(struct arena *a, struct str text)
{
    struct str s = utf8_repair(a, text);
    return str_starts(s, STR("\xEF\xBB\xBF")) ? str_from(s, 3) : s;
}

static struct expand_lexer lexer_on(struct arena *a, struct str text, char escape,
                                    struct expand_env env)
{
    struct expand_lexer l = {.arena = a, .env = env, .escape = escape, .work = WORK_MAX};
    l.src = readable(a, text);
    l.out = buf_in(a);
    l.pending = buf_in(a);
    l.out_max = OUT_MAX + l.src.n;
    if (env.budget && *env.budget < l.work)
        l.work = *env.budget;
    return l;
}

static struct expanded result(const struct expand_lexer *l, struct str text)
{
    return (struct expanded){.text = l->error ? STR("") : text,
                             .error = l->error,
                             .unknown = l->marks.unknown,
                             .argument = l->marks.argument,
                             .unset = l->marks.unset};
}

/* Most words are plain text; they are not copied. */
static bool is_plain(const struct expand_lexer *l)
{
    for (size_t i = 0; i < l->src.n; i++)
        if (l->src.p[i] != '<' && is_special(l, l->src.p[i]))
            return false;
    return true;
}

static struct expanded run(struct expand_lexer *l)
{
    if (!l->words && is_plain(l))
        return result(l, l->src);
    size_t work = l->work;
    bool ok = expand_until(l, 0);
    if (l->env.budget)
        *l->env.budget -= work - l->work;
    if (ok && l->words)
        end_word(l);
    if (!ok && l->words)
        l->words->words.n = 0;
    return result(l, buf_str(&l->out));
}

struct expanded expand_word(struct arena *a, struct str word, char escape, struct expand_env env)
{
    struct expand_lexer l = lexer_on(a, word, escape, env);
    return run(&l);
}

struct expand_words expand_words(struct arena *a, struct str word, char escape,
                                 struct expand_env env)
{
    struct expand_words out = {0};
    struct expand_lexer l = lexer_on(a, word, escape, env);
    l.words = &out;
    out.whole = run(&l);
    return out;
}

struct expanded expand_heredoc(struct arena *a, struct str body, struct expand_env env)
{
    struct expand_lexer l = lexer_on(a, body, '\\', env);
    l.plain_quotes = true;
    return run(&l);
}

bool expand_split_raw(struct arena *a, struct str text, char escape, struct expand_words *out)
{
    struct expand_lexer l = lexer_on(a, text, escape, (struct expand_env){.keep_unset = true});
    *out = (struct expand_words){0};
    l.raw_quotes = true;
    l.raw_escapes = true;
    l.words = out;
    out->whole = run(&l);
    return !out->whole.error;
}
