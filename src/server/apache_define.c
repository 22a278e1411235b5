/*
 * Variables. A `Define` that always holds is the value; one under a condition is only a default,
 * and what is never defined comes from the environment or from -D.
 */
#include "server/apache_reader.h"

#include "base/buf.h"

enum { EXPANDED_MAX = 4 * SERVER_SIZE_MAX };

typedef VEC(uint32_t) where_vec;

struct expansion {
    struct buf text;
    where_vec where;
};

static struct apache_define *find(struct apache_reader *r, struct str name)
{
    for (size_t i = 0; i < r->defines; i++)
        if (str_eq(r->define[i].name, name))
            return &r->define[i];
    return NULL;
}

void apache_define(struct apache_reader *r)
{
    bool un = str_is(r->lower, "undefine");
    if (!r->args.n)
        return;
    struct str name = r->args.v[0].value;
    struct apache_define *d = find(r, name);
    if (!d && un)
        return;
    if (!d && r->defines == APACHE_DEFINES_MAX) {
        note_unknown(&r->note, r->line.raw.from, "there are too many variables");
        return;
    }
    bool conditional = apache_is_conditional(r), known = d != NULL;
    if (!d)
        d = &r->define[r->defines++];
    bool value = !un && r->args.n > 1;
    if (known && conditional) /* either of the two */
        value = false;
    *d = (struct apache_define){.name = name, .has_value = value, .conditional = conditional};
    if (value)
        d->value = r->args.v[1];
}

static uint32_t place(const struct server_word *w, size_t i)
{
    return w->where ? w->where[i] : w->raw.from + (uint32_t)i;
}

static void add(struct apache_reader *r, struct expansion *e, const struct server_word *w,
                size_t from, size_t to)
{
    buf_add(&e->text, str_sub(w->value, from, to));
    for (size_t i = from; i < to; i++)
        *vec_push(r->note.arena, &e->where) = place(w, i);
}

/* ${NAME} at [from, to) of the line. */
static void add_variable(struct apache_reader *r, struct expansion *e,
                         const struct server_word *line, size_t from, size_t to)
{
    struct server_variable v = {.name = str_sub(line->value, from + 2, to - 1)};
    const struct apache_define *d = find(r, v.name);
    bool known = d && d->has_value;
    if (known && r->expanded + d->value.value.n > EXPANDED_MAX) {
        note_broken(&r->note, line->raw.from, "variables make it too long");
        known = false;
    }
    if (known) {
        r->expanded += d->value.value.n;
        add(r, e, &d->value, 0, d->value.value.n);
        v.fallback = d->value.value;
        v.has_fallback = true;
    } else {
        add(r, e, line, from, to);
    }
    note_span(line, from, to, &v.at);
    if ((!known || d->conditional) && v.name.n && str_chr(v.name, ':') < 0)
        *vec_push(r->note.arena, &r->note.c->variables) = v;
}

struct server_word apache_resolve(struct apache_reader *r, const struct server_word *line)
{
    struct str s = line->value;
    if (!str_has(s, "${"))
        return *line;
    struct expansion e = {.text = buf_in(r->note.arena)};
    size_t done = 0;
    for (size_t i = 0; i + 1 < s.n; i++) {
        if (s.p[i] != '$' || s.p[i + 1] != '{')
            continue;
        ptrdiff_t close = str_chr(str_from(s, i), '}');
        if (close < 0)
            break;
        add(r, &e, line, done, i);
        done = i + (size_t)close + 1;
        add_variable(r, &e, line, i, done);
        i = done - 1;
    }
    add(r, &e, line, done, s.n);
    struct server_word out = {.value = buf_str(&e.text), .raw = line->raw, .where = e.where.v};
    return out;
}

bool apache_is_default(const struct apache_reader *r, struct span at)
{
    for (size_t i = 0; i < r->defines; i++) {
        const struct apache_define *d = &r->define[i];
        if (d->has_value && d->conditional && at.from >= d->value.raw.from &&
            at.to <= d->value.raw.to)
            return true;
    }
    return false;
}
