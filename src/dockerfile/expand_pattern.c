/*
 * Shell patterns: '*', '?' and '\'. BuildKit makes Go regular expressions of them ("*" is ".*", or
 * ".*?" for the shortest match, "?" is "."; neither matches a newline) and takes the leftmost
 * match.
 *
 * Here a pattern is runs of code points with stars between them, and needs no backtracking: a star
 * stays on its line, so where a run fits at several places of the line the first one leaves most to
 * the rest, and only the last run decides whether the match is short or long. For the same reason a
 * start whose rest is not found on the line need not be tried again further right on that line.
 * What remains is runs times text, which the budget bounds.
 */
#include "dockerfile/expand_internal.h"

#include "base/utf8.h"

enum { STAR = 0x110000, ANY };

struct pattern {
    uint32_t *tok;
    size_t n;
};

struct match {
    struct expand_lexer *l;
    struct pattern p;
    struct str text;
    bool shortest;
    size_t hopeless; /* no match has its first run end in front of this */
};

/* ---- reading patterns ----------------------------------------------------------------------- */

static bool bad_escape(struct expand_lexer *l, struct str pattern, struct str escaped)
{
    struct str message =
        str_fmt(l->arena, "invalid pattern (%.*s) in substitution: invalid escape '\\%.*s'",
                STR_ARG(pattern), STR_ARG(escaped));
    return expand_fail(l, message.p);
}

/* Reads the token at s[*at]. */
static bool token(struct expand_lexer *l, struct str s, size_t *at, uint32_t *out)
{
    size_t len;
    uint32_t c = utf8_at(s, *at, &len);
    *at += len;
    *out = c == '*' ? STAR : c == '?' ? ANY : c;
    if (c != '\\')
        return true;
    if (*at == s.n)
        return bad_escape(l, s, STR("\xEF\xBF\xBD"));
    *out = utf8_at(s, *at, &len);
    if (*out >= 0x80 || !memchr("*?\\}/", (int)*out, 5))
        return bad_escape(l, s, str_sub(s, *at, *at + len));
    *at += len;
    return true;
}

static bool compile(struct expand_lexer *l, struct str pattern, struct pattern *out)
{
    struct str s = utf8_repair(l->arena, pattern);
    size_t at = str_starts(s, STR("\xEF\xBB\xBF")) ? 3 : 0;
    *out = (struct pattern){0};
    if (!expand_spend(l, s.n))
        return false;
    out->tok = arena_alloc(l->arena, s.n * sizeof *out->tok);
    while (at < s.n)
        if (!token(l, s, &at, &out->tok[out->n++]))
            return false;
    return true;
}

/* ---- matching ------------------------------------------------------------------------------- */

static size_t run_end(const struct match *m, size_t from)
{
    while (from < m->p.n && m->p.tok[from] != STAR)
        from++;
    return from;
}

static size_t line_end(struct str text, size_t at)
{
    ptrdiff_t n = str_chr(str_from(text, at), '\n');
    return n < 0 ? text.n : at + (size_t)n;
}

/* Where the run of tokens [from, to) ends if it begins at `at`; -1 when it does not match. */
static ptrdiff_t match_run(const struct match *m, size_t from, size_t to, size_t at)
{
    size_t begin = from, len;
    for (; from < to && at < m->text.n; from++, at += len) {
        uint32_t c = utf8_at(m->text, at, &len), want = m->p.tok[from];
        if (want == ANY ? c == '\n' : c != want)
            break;
    }
    if (!expand_spend(m->l, from - begin + 1))
        return -1;
    return from == to ? (ptrdiff_t)at : -1;
}

/* The end of the first or last place for the run on the rest of the line. */
static ptrdiff_t find_run(const struct match *m, size_t from, size_t to, size_t at, bool last)
{
    ptrdiff_t found = -1;
    size_t len;
    for (;; at += len) {
        ptrdiff_t end = match_run(m, from, to, at);
        if (end >= 0)
            found = end;
        if (m->l->error || (end >= 0 && !last) || at == m->text.n || m->text.p[at] == '\n')
            return found;
        utf8_at(m->text, at, &len);
    }
}

/* The end of the match that begins at `at`; -1 when none does. */
static ptrdiff_t match_at(struct match *m, size_t at)
{
    size_t to = run_end(m, 0);
    ptrdiff_t first = match_run(m, 0, to, at), end = first;
    if (end < (ptrdiff_t)m->hopeless)
        return -1;
    while (to < m->p.n && end >= 0) {
        size_t from = to + 1;
        to = run_end(m, from);
        end = find_run(m, from, to, (size_t)end, to == m->p.n && !m->shortest);
    }
    if (end < 0)
        m->hopeless = line_end(m->text, (size_t)first) + 1;
    return m->l->error ? -1 : end;
}

/* The end of the first match from `at` on, and where it begins; -1 when there is none. */
static ptrdiff_t search(struct match *m, size_t at, size_t *begin)
{
    size_t len;
    for (;; at += len) {
        ptrdiff_t end = match_at(m, at);
        *begin = at;
        if (end >= 0)
            return end;
        if (m->l->error || at >= m->text.n || m->hopeless > m->text.n)
            return -1;
        utf8_at(m->text, at, &len);
    }
}

/* ---- ${v#p} and ${v%p} ---------------------------------------------------------------------- */

/* Code points in reverse order. In a pattern an escape stays in front of what it escapes. */
static struct str reversed(struct arena *a, struct str text, bool is_pattern)
{
    struct str s = utf8_repair(a, text);
    char *p = arena_bytes(a, s.n + 1);
    size_t len, escaped_len;
    for (size_t i = 0; i < s.n; i += len) {
        utf8_at(s, i, &len);
        if (is_pattern && s.p[i] == '\\' && i + 1 < s.n) {
            utf8_at(s, i + 1, &escaped_len);
            len += escaped_len;
        }
        memcpy(p + s.n - i - len, s.p + i, len);
    }
    return str_make(p, s.n);
}

static bool strip_operator(struct str *pattern, char op)
{
    bool doubled = pattern->n && pattern->p[0] == op;
    if (doubled)
        *pattern = str_from(*pattern, 1);
    return doubled;
}

static bool compile_trim(struct expand_lexer *l, struct str pattern, char op, struct pattern *out)
{
    return compile(l, op == '%' ? reversed(l->arena, pattern, true) : pattern, out);
}

/* A suffix is a prefix of the reversed text. */
bool expand_trim(struct expand_lexer *l, struct str value, struct str pattern, char op)
{
    struct match m = {.l = l, .text = value};
    m.shortest = !strip_operator(&pattern, op);
    if (!compile_trim(l, pattern, op, &m.p))
        return false;
    if (op == '%') {
        if (!expand_spend(l, 2 * value.n))
            return false;
        m.text = reversed(l->arena, value, false);
    }
    ptrdiff_t end = match_at(&m, 0);
    if (l->error)
        return false;
    struct str rest = str_from(m.text, end < 0 ? 0 : (size_t)end);
    return expand_put(l, op == '%' ? reversed(l->arena, rest, false) : rest);
}

bool expand_pattern_check(struct expand_lexer *l, struct str pattern, char op)
{
    struct pattern p;
    if (op == '/')
        return compile(l, pattern, &p);
    strip_operator(&pattern, op);
    return compile_trim(l, pattern, op, &p);
}

/* ---- ${v/p/r} ------------------------------------------------------------------------------- */

/* The length of a name or {name} at the start of `s`; 0 when it is none. */
static size_t group_name(struct str s, struct str *name)
{
    size_t begin = s.n && s.p[0] == '{', at = begin, len;
    for (; at < s.n; at += len) {
        uint32_t c = utf8_at(s, at, &len);
        if (c != '_' && !expand_is_letter(c) && !expand_is_digit(c))
            break;
    }
    *name = str_sub(s, begin, at);
    if (!name->n || (begin && (at == s.n || s.p[at] != '}')))
        return 0;
    return at + begin;
}

/*
 * ${v//p/r} hands the replacement to Go's ReplaceAllString, which expands $0 to the match, $$ to a
 * dollar sign and any other name to nothing. A '$' gets that far when it comes from a variable.
 */
static bool put_template(struct expand_lexer *l, struct str t, struct str matched)
{
    ptrdiff_t dollar;
    while ((dollar = str_chr(t, '$')) >= 0) {
        struct str name;
        if (!expand_put(l, str_sub(t, 0, (size_t)dollar)))
            return false;
        t = str_from(t, (size_t)dollar + 1);
        bool twice = t.n && t.p[0] == '$';
        size_t len = twice ? 1 : group_name(t, &name);
        struct str s = twice || !len ? STR("$") : str_is(name, "0") ? matched : STR("");
        if (!expand_put(l, s))
            return false;
        t = str_from(t, len);
    }
    return expand_put(l, t);
}

/* As ReplaceAllString steps: no empty match directly behind another match. */
static bool replace_all(struct match *m, struct str replacement)
{
    size_t done = 0, at = 0, begin, width = 0;
    while (at <= m->text.n) {
        ptrdiff_t found = search(m, at, &begin);
        if (found < 0)
            break;
        size_t end = (size_t)found;
        if (!expand_put(m->l, str_sub(m->text, done, begin)))
            return false;
        if ((end > done || begin == 0) &&
            !put_template(m->l, replacement, str_sub(m->text, begin, end)))
            return false;
        done = end;
        width = 1;
        if (at < m->text.n)
            utf8_at(m->text, at, &width);
        at = at + width > end ? at + width : end;
    }
    return !m->l->error && expand_put(m->l, str_from(m->text, done));
}

bool expand_replace(struct expand_lexer *l, struct str value, struct str pattern,
                    struct str replacement, bool all)
{
    struct match m = {.l = l, .text = value};
    size_t begin;
    if (!compile(l, pattern, &m.p))
        return false;
    if (all)
        return replace_all(&m, replacement);
    ptrdiff_t end = search(&m, 0, &begin);
    if (l->error)
        return false;
    if (end < 0)
        return expand_put(l, value);
    return expand_put(l, str_sub(value, 0, begin)) && expand_put(l, replacement) &&
           expand_put(l, str_from(value, (size_t)end));
}
