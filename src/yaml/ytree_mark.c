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

static void step(const struct ytree_marks *m, struct ytree_place *p)
{
    size_t len;
    char c = ytree_mark_char(m, p->at);
    utf8_at(m->yaml, p->at, &len);
    p->at += len;
    if (c == '\n' || (c == '\r' && ytree_mark_char(m, p->at) != '\n')) {
        p->line++;
        p->col = 1;
    } else {
        p->col++;
    }
}

static bool is_end_of_line(char c)
{
    return c == '\n' || c == '\r';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || is_end_of_line(c);
}

struct ytree_place ytree_mark_skip(const struct ytree_marks *m, struct ytree_place p, int words)
{
    for (; words > 0; words--) {
        while (p.at < m->yaml.n && !is_space(m->yaml.p[p.at]))
            step(m, &p);
        while (p.at < m->yaml.n && (is_space(m->yaml.p[p.at]) || m->yaml.p[p.at] == '#')) {
            bool comment = m->yaml.p[p.at] == '#';
            do
                step(m, &p);
            while (comment && p.at < m->yaml.n && !is_end_of_line(m->yaml.p[p.at]));
        }
    }
    return p;
}
