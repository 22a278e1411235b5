/*
 * A byte is found from the entry of the table in front of it, at most 63 code points back.
 */
#include "yaml/ytree_mark.h"

#include "base/utf8.h"

enum { STEP = 64 };

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] & 0x80)
            return false;
    return true;
}

struct ytree_marks ytree_marks_make(struct arena *a, struct str yaml)
{
    struct ytree_marks m = {.bom = str_starts(yaml, STR("\xEF\xBB\xBF")) ? 3 : 0};
    size_t count = 0, len;
    m.yaml = str_from(yaml, m.bom);
    if (is_ascii(m.yaml))
        return m;
    size_t room = m.yaml.n / STEP + 1;
    m.every = arena_alloc(a, room * sizeof *m.every);
    for (size_t at = 0; at < m.yaml.n; at += len, count++) {
        if (count % STEP == 0)
            m.every[count / STEP] = at;
        utf8_at(m.yaml, at, &len);
    }
    for (size_t i = (count + STEP - 1) / STEP; i < room; i++)
        m.every[i] = m.yaml.n;
    return m;
}

static size_t byte_at(const struct ytree_marks *m, size_t index)
{
    if (index >= m->yaml.n)
        return m->yaml.n;
    if (!m->every)
        return index;
    size_t at = m->every[index / STEP], len;
    for (size_t i = index % STEP; i > 0 && at < m->yaml.n; i--) {
        utf8_at(m->yaml, at, &len);
        at += len;
    }
    return at;
}

struct ytree_place ytree_mark_place(const struct ytree_marks *m, yaml_mark_t mark)
{
    return (struct ytree_place){byte_at(m, mark.index), mark.line + 1, mark.column + 1};
}

char ytree_mark_char(const struct ytree_marks *m, size_t at)
{
    return at < m->yaml.n ? m->yaml.p[at] : '\0';
}

/* The line ends of YAML 1.1 that are not ASCII: U+0085, U+2028, U+2029. */
static bool is_wide_end(const struct ytree_marks *m, size_t at)
{
    struct str rest = str_from(m->yaml, at);
    return str_starts(rest, STR("\xC2\x85")) || str_starts(rest, STR("\xE2\x80\xA8")) ||
           str_starts(rest, STR("\xE2\x80\xA9"));
}

static void step(const struct ytree_marks *m, struct ytree_place *p)
{
    size_t len;
    char c = ytree_mark_char(m, p->at);
    bool wide = is_wide_end(m, p->at);
    utf8_at(m->yaml, p->at, &len);
    p->at += len;
    if (wide || c == '\n' || (c == '\r' && ytree_mark_char(m, p->at) != '\n')) {
        p->line++;
        p->col = 1;
    } else {
        p->col++;
    }
}

static bool at_line_end(const struct ytree_marks *m, size_t at)
{
    char c = ytree_mark_char(m, at);
    return c == '\n' || c == '\r' || is_wide_end(m, at);
}

/* Also a byte order mark, which libyaml skips in front of any line. */
static bool at_space(const struct ytree_marks *m, struct ytree_place p)
{
    char c = ytree_mark_char(m, p.at);
    return c == ' ' || c == '\t' || at_line_end(m, p.at) ||
           (p.col == 1 && str_starts(str_from(m->yaml, p.at), STR("\xEF\xBB\xBF")));
}

/* In libyaml an anchor may end without a blank: &a:b is the anchor "a" of ":b". */
static bool is_anchor(char c)
{
    return ((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static void skip_word(const struct ytree_marks *m, struct ytree_place *p)
{
    bool anchor = ytree_mark_char(m, p->at) == '&';
    do
        step(m, p);
    while (p->at < m->yaml.n && (anchor ? is_anchor(m->yaml.p[p->at]) : !at_space(m, *p)));
}

struct ytree_place ytree_mark_skip(const struct ytree_marks *m, struct ytree_place p, int words)
{
    for (; words > 0; words--) {
        skip_word(m, &p);
        while (at_space(m, p) || ytree_mark_char(m, p.at) == '#') {
            bool comment = ytree_mark_char(m, p.at) == '#';
            do
                step(m, &p);
            while (comment && p.at < m->yaml.n && !at_line_end(m, p.at));
        }
    }
    return p;
}
