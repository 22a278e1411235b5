/*
 * The tables are those of the readers; an integer is told by its form: sign, base, digits with
 * underscores between them. Sixty-based numbers and dates are OTHER: a text is never made of them,
 * and no field takes them.
 */
#include "yaml/yscalar.h"

enum { WORD_MAX = 5 }; /* the longest of the words in these tables */

static bool is_one_of(struct str s, const char *words)
{
    struct str rest = str_of(words), word;
    if (s.n > WORD_MAX)
        return false;
    while (str_split(&rest, ' ', &word))
        if (str_eq(word, s))
            return true;
    return false;
}

static const char trues[] = "true True TRUE yes Yes YES on On ON y Y";
static const char falses[] = "false False FALSE no No NO off Off OFF n N";
static const char nulls[] = "~ null Null NULL";
static const char floats[] = ".inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF .nan .NaN .NAN";

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

/* Digits of a base with underscores anywhere behind the first. */
static bool digits(struct str s, unsigned base, uint64_t *value)
{
    uint64_t n = 0;
    if (!s.n || digit_of(s.p[0]) >= (int)base)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned d = (unsigned)digit_of(s.p[i]);
        if (s.p[i] == '_')
            continue;
        if (d >= base || n > ((uint64_t)INT64_MAX - d) / base)
            return false;
        n = n * base + d;
    }
    *value = n;
    return true;
}

static bool integer(struct str s, int64_t *value)
{
    uint64_t n;
    bool minus = s.n && s.p[0] == '-';
    if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
        s = str_from(s, 1);
    unsigned base = 10;
    if (s.n > 1 && s.p[0] == '0') {
        char c = (char)(s.p[1] | 32);
        base = c == 'x' ? 16 : c == 'b' ? 2 : 8;
        s = str_from(s, c == 'x' || c == 'b' || c == 'o' ? 2 : 1);
    }
    if (!digits(s, base, &n))
        return false;
    *value = minus ? -(int64_t)n : (int64_t)n;
    return true;
}

/* Begins as a number or a date does: whatever it is, it is not safely a text. */
static bool like_number(struct str s)
{
    size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+');
    if (i < s.n && s.p[i] == '.')
        i++;
    if (i >= s.n || s.p[i] < '0' || s.p[i] > '9')
        return false;
    for (; i < s.n; i++)
        if (digit_of(s.p[i]) > 9 && !strchr("_.:eE+-xXoObBaAcCdDfF", s.p[i]))
            return false;
    return true;
}

enum yscalar_type yscalar_of_plain(struct str text)
{
    int64_t n;
    if (!text.n || is_one_of(text, nulls))
        return YSCALAR_NULL;
    if (is_one_of(text, trues) || is_one_of(text, falses))
        return YSCALAR_BOOL;
    if (integer(text, &n) || is_one_of(text, floats))
        return YSCALAR_NUMBER;
    return like_number(text) || str_is(text, "<<") || str_is(text, "=") ? YSCALAR_OTHER
                                                                        : YSCALAR_TEXT;
}

/* A tag says what it is; whether the text can be read so is for yscalar_bool() and the like. */
static enum yscalar_type of_tag(const struct ytree_node *n)
{
    if (str_is(n->tag, "tag:yaml.org,2002:str") || str_is(n->tag, "!"))
        return YSCALAR_TEXT;
    if (str_is(n->tag, "tag:yaml.org,2002:bool"))
        return is_one_of(n->text, trues) || is_one_of(n->text, falses) ? YSCALAR_BOOL
                                                                       : YSCALAR_OTHER;
    return str_is(n->tag, "tag:yaml.org,2002:int") ? YSCALAR_NUMBER : YSCALAR_OTHER;
}

enum yscalar_type yscalar_type(const struct ytree_node *n)
{
    n = ytree_real(n);
    if (!n || n->kind != YTREE_SCALAR)
        return YSCALAR_OTHER;
    if (ytree_is_null(n))
        return YSCALAR_NULL;
    if (n->tag.n)
        return of_tag(n);
    return n->style == YTREE_PLAIN ? yscalar_of_plain(n->text) : YSCALAR_TEXT;
}

bool yscalar_bool(const struct ytree_node *n, bool *value)
{
    if (yscalar_type(n) != YSCALAR_BOOL)
        return false;
    *value = is_one_of(ytree_real(n)->text, trues);
    return true;
}

bool yscalar_int(const struct ytree_node *n, int64_t *value)
{
    return yscalar_type(n) == YSCALAR_NUMBER && integer(ytree_real(n)->text, value);
}

bool yscalar_string(const struct ytree_node *n, struct str *value)
{
    if (yscalar_type(n) != YSCALAR_TEXT)
        return false;
    *value = ytree_real(n)->text;
    return true;
}
