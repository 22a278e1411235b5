/*
 * Programs put the reason behind the path ("/a/b: Permission denied"), or the path behind the
 * reason
 * ("EACCES: permission denied, open '/a/b'"). So the path that counts is the last in front of the
 * reason, unless one stands in quotes behind it.
 */
#include "verify/smell.h"

#include "base/utf8.h"

enum { LINE_MAX_SHOWN = 300, PATH_LONGEST = 1024 };

static const struct word {
    const char *text; /* lower case */
    enum smell_kind kind;
    bool whole; /* must not be part of a longer word */
} words[] = {
    {"read-only file system", SMELL_READ_ONLY, false},
    {"erofs", SMELL_READ_ONLY, true},
    {"permission denied", SMELL_DENIED, false},
    {"eacces", SMELL_DENIED, true},
    {"accessdenied", SMELL_DENIED, false},
    {"operation not permitted", SMELL_NOT_PERMITTED, false},
    {"eperm", SMELL_NOT_PERMITTED, true},
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static bool is_letter(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

/* Index of the word in the line, -1 when it isn't there. */
static ptrdiff_t find(struct str line, const struct word *w)
{
    size_t n = strlen(w->text);
    for (size_t at = 0; at + n <= line.n; at++) {
        size_t i = 0;
        while (i < n && lower(line.p[at + i]) == w->text[i])
            i++;
        bool alone =
            (!at || !is_letter(line.p[at - 1])) && (at + n == line.n || !is_letter(line.p[at + n]));
        if (i == n && (alone || !w->whole))
            return (ptrdiff_t)at;
    }
    return -1;
}

/* The level that programs write in front of what they say. */
static bool is_mild(struct str line)
{
    static const char *const levels[] = {"info:",   "[info]",  "[notice]",
                                         "notice:", "[debug]", "debug:"};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (find(line, &(struct word){levels[i], SMELL_DENIED, false}) >= 0)
            return true;
    return false;
}

/* ---- the path ------------------------------------------------------------------------------- */

static bool is_quote(char c)
{
    return c == '\'' || c == '"' || c == '`';
}

/* A path begins with a '/' behind nothing, a blank or an opening mark. */
static bool begins_path(struct str line, size_t at)
{
    if (line.p[at] != '/' || at + 1 >= line.n || line.p[at + 1] == '/')
        return false;
    return !at || str_is_blank(line.p[at - 1]) || is_quote(line.p[at - 1]) ||
           strchr("([{<=,:", line.p[at - 1]);
}

static struct str path_at(struct str line, size_t at)
{
    char quote = at && is_quote(line.p[at - 1]) ? line.p[at - 1] : 0;
    size_t end = at;
    if (quote == '`')
        quote = '\'';
    while (end < line.n &&
           (quote ? line.p[end] != quote
                  : !str_is_blank(line.p[end]) && !strchr("'\"`:,;()[]{}<>|", line.p[end])))
        end++;
    while (end > at + 1 && (line.p[end - 1] == '/' || (!quote && line.p[end - 1] == '.')))
        end--;
    return end - at > PATH_LONGEST ? STR("") : str_sub(line, at, end);
}

static struct str path_of(struct str line, size_t reason)
{
    struct str before = STR("");
    for (size_t at = 0; at < line.n; at++) {
        if (!begins_path(line, at))
            continue;
        struct str path = path_at(line, at);
        bool quoted = at && is_quote(line.p[at - 1]);
        if (at < reason && path.n > 1)
            before = path;
        else if (at > reason && path.n > 1 && (quoted || !before.n))
            return path;
        at += path.n ? path.n - 1 : 0;
    }
    return before;
}

/* ---- the log -------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t skip_digits(struct str s, size_t at)
{
    while (at < s.n && is_digit(s.p[at]))
        at++;
    return at;
}

/* Equal when any number may stand for any other. */
static bool alike(struct str x, struct str y)
{
    size_t i = 0, j = 0;
    while (i < x.n && j < y.n) {
        if (is_digit(x.p[i]) && is_digit(y.p[j])) {
            i = skip_digits(x, i);
            j = skip_digits(y, j);
        } else if (x.p[i++] != y.p[j++]) {
            return false;
        }
    }
    return i == x.n && j == y.n;
}

bool smell_has(const struct smells *s, const struct smell *one)
{
    for (size_t i = 0; i < s->n; i++)
        if (alike(s->v[i].line, one->line))
            return true;
    return false;
}

/* Without the colours that programs paint words in: ESC [ … letter. */
static struct str without_colours(struct arena *a, struct str line)
{
    if (str_chr(line, '\033') < 0)
        return line;
    char *to = arena_bytes(a, line.n);
    size_t n = 0;
    for (size_t i = 0; i < line.n; i++) {
        if (line.p[i] != '\033') {
            to[n++] = line.p[i];
            continue;
        }
        i += i + 1 < line.n && line.p[i + 1] == '[';
        while (i + 1 < line.n && strchr("0123456789;", line.p[i + 1]))
            i++;
        i += i + 1 < line.n; /* the letter */
    }
    return str_make(to, n);
}

static void add(struct arena *a, struct smells *out, const struct word *w, struct str line,
                size_t reason)
{
    struct smell one = {.kind = w->kind,
                        .mild = is_mild(line),
                        .line = utf8_safe(a, line, LINE_MAX_SHOWN),
                        .path = utf8_safe(a, path_of(line, reason), 0)};
    if (smell_has(out, &one))
        return;
    out->all++;
    if (out->n < SMELL_MAX)
        out->v[out->n++] = one;
}

void smell_find(struct arena *a, struct str log, struct smells *out)
{
    struct str line;
    *out = (struct smells){0};
    while (str_split(&log, '\n', &line)) {
        line = without_colours(a, str_trim(str_sub(line, 0, 4096)));
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            ptrdiff_t at = find(line, &words[i]);
            if (at < 0)
                continue;
            add(a, out, &words[i], line, (size_t)at);
            break;
        }
    }
}
