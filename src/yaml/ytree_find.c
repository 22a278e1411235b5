/*
 * Looking things up in a tree, with and without merge keys. What is merged is walked as it is
 * written; that a tree can't be walked for long was made sure of when it was read.
 */
#include <stdlib.h>

#include "yaml/ytree.h"

const struct ytree_node *ytree_real(const struct ytree_node *n)
{
    return n && n->kind == YTREE_ALIAS ? n->of : n;
}

static bool key_is(const struct ytree_node *value, const char *key)
{
    const struct ytree_node *k = ytree_real(value->key);
    return k->kind == YTREE_SCALAR && str_is(k->text, key);
}

const struct ytree_node *ytree_get(const struct ytree_node *map, const char *key)
{
    const struct ytree_node *found = NULL;
    if (!map || map->kind != YTREE_MAPPING)
        return NULL;
    YTREE_EACH (it, map)
        if (key_is(it, key))
            found = it;
    return found;
}

bool ytree_is_null(const struct ytree_node *n)
{
    n = ytree_real(n);
    if (!n || n->kind != YTREE_SCALAR)
        return false;
    if (n->tag.n)
        return str_is(n->tag, "tag:yaml.org,2002:null");
    return n->style == YTREE_PLAIN &&
           (!n->text.n || str_is(n->text, "~") || str_is(n->text, "null") ||
            str_is(n->text, "Null") || str_is(n->text, "NULL"));
}

bool ytree_text(const struct ytree_node *n, struct str *text)
{
    n = ytree_real(n);
    if (!n || n->kind != YTREE_SCALAR || ytree_is_null(n))
        return false;
    *text = n->text;
    return true;
}

/* A quoted "<<" is a key like any other. */
static bool is_merge(const struct ytree_node *value)
{
    return value->key->kind == YTREE_SCALAR && value->key->style == YTREE_PLAIN &&
           !value->key->tag.n && str_is(value->key->text, "<<");
}

/* What a merge key merges, one mapping after the other; NULL at the end. */
static const struct ytree_node *merged(const struct ytree_node *value,
                                       const struct ytree_node **element)
{
    const struct ytree_node *real = ytree_real(value);
    if (real->kind != YTREE_SEQUENCE) {
        const struct ytree_node *first = *element ? NULL : real;
        *element = real;
        return first;
    }
    *element = *element ? (*element)->next : real->first;
    return ytree_real(*element);
}

const struct ytree_node *ytree_find(const struct ytree_node *map, const char *key)
{
    map = ytree_real(map);
    const struct ytree_node *found = ytree_get(map, key);
    if (found || !map || map->kind != YTREE_MAPPING)
        return ytree_real(found);
    YTREE_EACH (it, map) {
        const struct ytree_node *element = NULL, *from;
        while (!found && is_merge(it) && (from = merged(it, &element)))
            found = ytree_find(from, key);
        if (found)
            return found;
    }
    return NULL;
}

/* ---- all pairs ---- */

struct ranked {
    struct ytree_pair pair;
    size_t level; /* the mapping it is from: lower ones win */
    size_t rank;  /* in there the last one wins */
};

typedef VEC(struct ranked) ranked_pairs;

static void collect(struct arena *a, const struct ytree_node *map, size_t *level, ranked_pairs *out)
{
    map = ytree_real(map);
    if (!map || map->kind != YTREE_MAPPING)
        return;
    YTREE_EACH (it, map) {
        const struct ytree_node *key = ytree_real(it->key);
        if (key->kind == YTREE_SCALAR && !is_merge(it)) {
            struct ranked r = {{key, ytree_real(it)}, *level, out->n};
            *vec_push(a, out) = r;
        }
    }
    ++*level;
    YTREE_EACH (it, map) {
        const struct ytree_node *element = NULL, *from;
        while (is_merge(it) && (from = merged(it, &element)))
            collect(a, from, level, out);
    }
}

static int by_key(const void *x, const void *y)
{
    const struct ranked *a = x, *b = y;
    int c = str_cmp(a->pair.key->text, b->pair.key->text);
    if (c)
        return c;
    if (a->level != b->level)
        return a->level < b->level ? -1 : 1;
    return (a->rank < b->rank) - (a->rank > b->rank);
}

static int by_rank(const void *x, const void *y)
{
    const struct ranked *a = x, *b = y;
    return (a->rank > b->rank) - (a->rank < b->rank);
}

ytree_pairs ytree_all(struct arena *a, const struct ytree_node *map)
{
    ranked_pairs all = {0};
    ytree_pairs out = {0};
    size_t n = 0, level = 0;
    collect(a, map, &level, &all);
    if (!all.n)
        return out;
    qsort(all.v, all.n, sizeof *all.v, by_key);
    for (size_t i = 0; i < all.n; i++)
        if (!i || !str_eq(all.v[i].pair.key->text, all.v[n - 1].pair.key->text))
            all.v[n++] = all.v[i];
    qsort(all.v, n, sizeof *all.v, by_rank);
    for (size_t i = 0; i < n; i++)
        *vec_push(a, &out) = all.v[i].pair;
    return out;
}
