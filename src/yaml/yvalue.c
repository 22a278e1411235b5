/*
 * Values are lists of values. What is written is compared with what was meant by the same rules by
 * which it was written: a text must not have become a number on the way.
 */
#include "yaml/yvalue.h"

#include "yaml/yscalar.h"

static struct yvalue *make(struct arena *a, enum yvalue_kind kind, struct str text)
{
    struct yvalue *v = arena_new(a, struct yvalue);
    *v = (struct yvalue){.kind = kind, .text = text};
    return v;
}

struct yvalue *yvalue_text(struct arena *a, struct str text)
{
    return make(a, YVALUE_TEXT, text);
}

struct yvalue *yvalue_word(struct arena *a, struct str text)
{
    return make(a, YVALUE_WORD, text);
}

struct yvalue *yvalue_number(struct arena *a, uint64_t n)
{
    return yvalue_word(a, str_fmt(a, "%llu", (unsigned long long)n));
}

struct yvalue *yvalue_bool(struct arena *a, bool b)
{
    return yvalue_word(a, b ? STR("true") : STR("false"));
}

struct yvalue *yvalue_map(struct arena *a)
{
    return make(a, YVALUE_MAP, STR(""));
}

struct yvalue *yvalue_list(struct arena *a)
{
    return make(a, YVALUE_LIST, STR(""));
}

struct yvalue *yvalue_add(struct yvalue *list, struct yvalue *value)
{
    *(list->last ? &list->last->next : &list->first) = value;
    list->last = value;
    return value;
}

struct yvalue *yvalue_put(struct yvalue *map, struct str key, struct yvalue *value)
{
    value->key = key;
    return yvalue_add(map, value);
}

struct yvalue *yvalue_get(const struct yvalue *map, const char *key)
{
    if (!map || map->kind != YVALUE_MAP)
        return NULL;
    for (struct yvalue *it = map->first; it; it = it->next)
        if (str_is(it->key, key))
            return it;
    return NULL;
}

bool yvalue_same(const struct yvalue *x, const struct yvalue *y)
{
    if (x->kind != y->kind || !str_eq(x->text, y->text))
        return false;
    const struct yvalue *a = x->first, *b = y->first;
    for (; a && b; a = a->next, b = b->next)
        if (!str_eq(a->key, b->key) || !yvalue_same(a, b))
            return false;
    return !a && !b;
}

static bool scalar_is(const struct yvalue *v, const struct ytree_node *n)
{
    if (n->kind != YTREE_SCALAR || n->tag.n || !str_eq(n->text, v->text))
        return false;
    if (v->kind == YVALUE_WORD)
        return n->style == YTREE_PLAIN;
    return n->style != YTREE_PLAIN || yvalue_is_plain(n->text);
}

static bool map_is(const struct yvalue *v, const struct ytree_node *n)
{
    size_t count = 0;
    for (const struct yvalue *it = v->first; it; it = it->next, count++) {
        const struct ytree_node *found = NULL;
        YTREE_EACH (pair, n)
            if (pair->key->kind == YTREE_SCALAR && str_eq(pair->key->text, it->key))
                found = pair;
        if (!found || !yvalue_is(it, found))
            return false;
    }
    return count == n->n;
}

bool yvalue_is(const struct yvalue *v, const struct ytree_node *n)
{
    n = ytree_real(n);
    if (v->kind == YVALUE_TEXT || v->kind == YVALUE_WORD)
        return scalar_is(v, n);
    if (n->tag.n || n->kind != (v->kind == YVALUE_MAP ? YTREE_MAPPING : YTREE_SEQUENCE))
        return false;
    if (v->kind == YVALUE_MAP)
        return map_is(v, n);
    const struct ytree_node *element = n->first;
    const struct yvalue *it = v->first;
    for (; it && element; it = it->next, element = element->next)
        if (!yvalue_is(it, element))
            return false;
    return !it && !element;
}

static bool is_word_char(char c)
{
    return ((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.' || c == '/';
}

bool yvalue_is_plain(struct str text)
{
    if (!text.n || text.p[0] == '-' || str_starts(text, STR("...")))
        return false;
    for (size_t i = 0; i < text.n; i++)
        if (!is_word_char(text.p[i]))
            return false;
    return yscalar_of_plain(text) == YSCALAR_TEXT;
}
