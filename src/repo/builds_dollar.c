/*
 * Variables in Compose files (compose-go's template and loader packages). No variable is known
 * here, so that a value is known when each of its variables has a default: ${X:-a} and ${X-a}. What
 * ${X:+a} gives can't be told without the variable.
 *
 * Compose reads scalars as YAML does before it makes texts of them, which changes some numbers;
 * those are not known either.
 */
#include "base/buf.h"
#include "repo/builds_reader.h"

enum { NESTED_MAX = 16 };

struct dollar {
    struct buf out;
    bool known, assumed;
    unsigned depth;
};

static bool is_letter(char c)
{
    return ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t name_length(struct str s)
{
    size_t n = 0;
    while (n < s.n && (is_letter(s.p[n]) || (n && is_digit(s.p[n]))))
        n++;
    return n;
}

/* The index of the '}' for the '{' at s[at], or s.n. */
static size_t brace_end(struct str s, size_t at)
{
    size_t depth = 0;
    for (size_t i = at; i < s.n; i++) {
        if (s.p[i] == '{')
            depth++;
        else if (s.p[i] == '}' && --depth == 0)
            return i;
    }
    return s.n;
}

static void expand(struct dollar *d, struct str s);

/* What stands between the braces: NAME, NAME:-default … */
static void braces(struct dollar *d, struct str inner)
{
    size_t n = name_length(inner), at = n;
    if (at < inner.n && inner.p[at] == ':')
        at++;
    if (!n || at >= inner.n || inner.p[at] != '-' || d->depth == NESTED_MAX) {
        d->known = false;
        return;
    }
    d->assumed = true;
    d->depth++;
    expand(d, str_from(inner, at + 1));
    d->depth--;
}

static void expand(struct dollar *d, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char next = i + 1 < s.n ? s.p[i + 1] : '\0';
        if (s.p[i] != '$') {
            buf_addc(&d->out, s.p[i]);
        } else if (next == '$') {
            buf_addc(&d->out, '$');
            i++;
        } else if (next == '{') {
            size_t end = brace_end(s, i + 1);
            if (end == s.n)
                d->known = false; /* Compose refuses the file */
            else
                braces(d, str_sub(s, i + 2, end));
            i = end;
        } else if (is_letter(next)) {
            d->known = false;
            i += name_length(str_from(s, i + 1));
        } else {
            buf_addc(&d->out, '$');
        }
    }
}

struct build_text builds_dollar(struct arena *a, struct str raw, unsigned line)
{
    struct dollar d = {.out = buf_in(a), .known = true};
    if (str_chr(raw, '$') < 0)
        return (struct build_text){.text = raw, .line = line, .known = true};
    expand(&d, raw);
    return (struct build_text){.text = d.known ? buf_str(&d.out) : STR(""),
                               .line = line,
                               .known = d.known,
                               .assumed = d.assumed};
}

bool builds_dollar_split(struct str *rest, char c, struct str *part)
{
    if (!rest->p)
        return false;
    for (size_t i = 0; i < rest->n; i++) {
        if (rest->p[i] == '$' && i + 1 < rest->n && rest->p[i + 1] == '{') {
            i = brace_end(*rest, i + 1);
        } else if (rest->p[i] == c) {
            *part = str_sub(*rest, 0, i);
            *rest = str_from(*rest, i + 1);
            return true;
        }
    }
    *part = *rest;
    *rest = STR_NULL;
    return true;
}

/* ---- scalars ---- */

static size_t digits_at(struct str s, size_t at)
{
    size_t n = 0;
    while (at + n < s.n && is_digit(s.p[at + n]))
        n++;
    return n;
}

static bool is_date(struct str s)
{
    size_t month = digits_at(s, 5), day = 5 + month + 1;
    return digits_at(s, 0) == 4 && str_starts(str_from(s, 4), STR("-")) && month && month < 3 &&
           str_starts(str_from(s, day - 1), STR("-")) && digits_at(s, day);
}

/* 12, 1_000, 1.50, .5, 1e3; without sign. */
static bool is_number(struct str s)
{
    size_t i = 0, dots = 0;
    while (i < s.n && (is_digit(s.p[i]) || s.p[i] == '_' || (s.p[i] == '.' && !dots++)))
        i++;
    if (i == dots)
        return false;
    if (i + 1 < s.n && (s.p[i] | 32) == 'e') {
        i += 1 + (s.p[i + 1] == '+' || s.p[i + 1] == '-');
        return digits_at(s, i) && i + digits_at(s, i) == s.n;
    }
    return i == s.n;
}

/* Written as a program would write it: 0, 80, 3.11; but not 080, 3.10, 1e3, 1_000. */
static bool is_plain_number(struct str s)
{
    size_t whole = digits_at(s, 0), part = digits_at(s, whole + 1);
    if (!whole || whole > 15 || (s.p[0] == '0' && whole > 1))
        return false;
    if (whole == s.n)
        return true;
    return s.p[whole] == '.' && part && part <= 4 && whole <= 9 && whole + 1 + part == s.n &&
           s.p[s.n - 1] != '0';
}

/* What YAML takes for a number, a date or the like, and may come out of it in another form. */
static bool is_rewritten(struct str s)
{
    static const char *const words[] = {"True", "TRUE", "False", "FALSE"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is(s, words[i]))
            return true;
    bool sign = s.n && (s.p[0] == '-' || s.p[0] == '+');
    struct str number = str_from(s, sign);
    if (str_eq_nocase(number, STR(".inf")) || str_eq_nocase(s, STR(".nan")) || is_date(s))
        return true;
    if (number.n > 2 && number.p[0] == '0' && strchr("xXoObB", number.p[1]))
        return true;
    return is_number(number) && (!is_plain_number(number) || (sign && s.p[0] == '+'));
}

struct build_text builds_compose_text(struct arena *a, const struct ytree_node *n)
{
    struct str text;
    struct build_text none = {.text = STR(""), .line = n ? n->line : 0};
    if (!ytree_text(n, &text))
        return none;
    n = ytree_real(n);
    bool as_text = str_is(n->tag, "tag:yaml.org,2002:str") || str_is(n->tag, "!");
    if (n->tag.n && !as_text && !str_is(n->tag, "!override"))
        return none;
    if (n->style == YTREE_PLAIN && !as_text && is_rewritten(text))
        return none;
    return builds_dollar(a, text, n->line);
}
