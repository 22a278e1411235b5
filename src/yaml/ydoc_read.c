/*
 * Readers of single nodes, and the one loop that reads a mapping by a table. They never guess what
 * an author may have meant: the error names what is there and what should be.
 */
#include "yaml/ydoc.h"

#include "base/buf.h"
#include "base/bug.h"

const struct ydoc_node *ydoc_get(const struct ydoc_node *map, const char *key)
{
    if (!map || map->kind != YDOC_MAP)
        return NULL;
    YDOC_EACH (it, map)
        if (str_is(it->key->text, key))
            return it;
    return NULL;
}

bool ydoc_is_nothing(const struct ydoc_node *n)
{
    return n->kind == YDOC_TEXT && n->plain &&
           (!n->text.n || str_is(n->text, "~") || str_eq_nocase(n->text, STR("null")));
}

static const char *what(struct ydoc *d, const struct ydoc_node *n)
{
    if (!n)
        return "an empty document";
    if (n->kind != YDOC_TEXT)
        return n->kind == YDOC_LIST ? "a list" : "a mapping";
    if (ydoc_is_nothing(n))
        return "nothing";
    return str_fmt(d->arena, "%s%s", ydoc_quote(d, n->text), n->plain ? "" : " in quotes").p;
}

static bool expected(struct ydoc *d, const struct ydoc_node *n, const char *wanted)
{
    if (n && n->key)
        return ydoc_fail(d, n, "%s must be %s, not %s", ydoc_quote(d, n->key->text), wanted,
                         what(d, n));
    return ydoc_fail(d, n, "expected %s, found %s", wanted, what(d, n));
}

bool ydoc_is_list(struct ydoc *d, const struct ydoc_node *n)
{
    return (n && n->kind == YDOC_LIST) || expected(d, n, "a list");
}

bool ydoc_is_map(struct ydoc *d, const struct ydoc_node *n)
{
    return (n && n->kind == YDOC_MAP) || expected(d, n, "a mapping");
}

bool ydoc_text(struct ydoc *d, const struct ydoc_node *n, struct str *out)
{
    if (!n || n->kind != YDOC_TEXT)
        return expected(d, n, "a text");
    if (ydoc_is_nothing(n))
        return expected(d, n, "a text (\"\" if it is empty)");
    for (size_t i = 0; i < n->text.n; i++) {
        unsigned char c = (unsigned char)n->text.p[i];
        if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F)
            return ydoc_fail(d, n, "%s contains a control character", ydoc_quote(d, n->text));
    }
    *out = n->text;
    return true;
}

bool ydoc_bool(struct ydoc *d, const struct ydoc_node *n, bool *out)
{
    bool text = n && n->kind == YDOC_TEXT && n->plain;
    if (!text || (!str_is(n->text, "true") && !str_is(n->text, "false")))
        return expected(d, n, "true or false");
    *out = str_is(n->text, "true");
    return true;
}

bool ydoc_number(struct ydoc *d, const struct ydoc_node *n, uint64_t min, uint64_t max,
                 uint64_t *out)
{
    uint64_t v;
    bool text = n && n->kind == YDOC_TEXT && n->plain;
    bool zeros = text && n->text.n > 1 && n->text.p[0] == '0';
    if (!text || zeros || !str_to_u64(n->text, UINT64_MAX, &v) || v < min || v > max)
        return expected(d, n,
                        str_fmt(d->arena, "a number from %llu to %llu", (unsigned long long)min,
                                (unsigned long long)max)
                            .p);
    *out = v;
    return true;
}

static const char *any_of(struct ydoc *d, const char *const *words)
{
    struct buf b = buf_in(d->arena);
    buf_addz(&b, "one of ");
    for (size_t i = 0; words[i]; i++)
        buf_addf(&b, "%s%s", i ? ", " : "", words[i]);
    return buf_str(&b).p;
}

bool ydoc_choice(struct ydoc *d, const struct ydoc_node *n, const char *const *words, unsigned *out)
{
    for (unsigned i = 0; n && n->kind == YDOC_TEXT && words[i]; i++)
        if (str_is(n->text, words[i])) {
            *out = i;
            return true;
        }
    return expected(d, n, any_of(d, words));
}

static const struct ydoc_field *field_named(const struct ydoc_field *fields, size_t count,
                                            struct str key)
{
    for (size_t i = 0; i < count; i++)
        if (str_is(key, fields[i].key))
            return &fields[i];
    return NULL;
}

bool ydoc_fields(struct ydoc *d, const struct ydoc_node *map, const struct ydoc_field *fields,
                 size_t count, void *record, uint64_t *set)
{
    uint64_t seen = 0;
    if (count > 64)
        BUG("%zu fields", count);
    if (!ydoc_is_map(d, map))
        return false;
    YDOC_EACH (it, map) {
        const struct ydoc_field *f = field_named(fields, count, it->key->text);
        if (!f)
            return ydoc_fail(d, it->key, "unknown key %s", ydoc_quote(d, it->key->text));
        if (!f->read(d, it, f, (char *)record + f->at))
            return false;
        seen |= UINT64_C(1) << (f - fields);
    }
    for (size_t i = 0; i < count; i++)
        if (fields[i].required && !(seen >> i & 1))
            return ydoc_fail(d, map, "the key '%s' is missing", fields[i].key);
    if (set)
        *set = seen;
    return true;
}

static void size_is(const struct ydoc_field *f, size_t size)
{
    if (f->size != size)
        BUG("field '%s' has %zu bytes, its reader fills %zu", f->key, f->size, size);
}

bool ydoc_read_text(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f, void *to)
{
    size_is(f, sizeof(struct str));
    return ydoc_text(d, n, to);
}

bool ydoc_read_texts(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f,
                     void *to)
{
    VEC(struct str) list = {0};
    size_is(f, sizeof list);
    if (!ydoc_is_list(d, n))
        return false;
    list.v = arena_alloc(d->arena, n->n * sizeof *list.v);
    list.cap = n->n;
    YDOC_EACH (it, n)
        if (!ydoc_text(d, it, &list.v[list.n++]))
            return false;
    memcpy(to, &list, sizeof list); /* every VEC() is a type of its own */
    return true;
}

bool ydoc_read_bool(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f, void *to)
{
    size_is(f, sizeof(bool));
    return ydoc_bool(d, n, to);
}

bool ydoc_read_number(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f,
                      void *to)
{
    uint64_t v = 0;
    size_is(f, sizeof(uint32_t));
    if (!ydoc_number(d, n, f->min, f->max ? f->max : UINT32_MAX, &v))
        return false;
    *(uint32_t *)to = (uint32_t)v;
    return true;
}

bool ydoc_read_choice(struct ydoc *d, const struct ydoc_node *n, const struct ydoc_field *f,
                      void *to)
{
    size_is(f, sizeof(unsigned));
    return ydoc_choice(d, n, f->words, to);
}
