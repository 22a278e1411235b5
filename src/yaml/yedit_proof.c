/*
 * The proof: the document with the edits made is read again and walked together with the old one,
 * aliases and merge keys followed. Where no change was asked for, both must say the same to the
 * last node; a mapping with changes must have the old pairs and the new ones, and no others. A
 * change that an anchor carries to a place that did not ask for it is found here.
 *
 * That the bytes outside of what is declared stay is checked on the edits: they take nothing away
 * but nodes that are replaced or removed, and the blanks, commas and line ends around them.
 */
#include <stdlib.h>

#include "yaml/yedit_internal.h"

static const char elsewhere[] =
    "what would be changed is shared by an anchor or merge key with a place that must stay as it is";
static const char differs[] = "the edited document does not say what was declared";

struct proof {
    struct yedit *edit;
    size_t steps;
};

static bool refuse(struct proof *p, const struct ytree_node *old, const char *why)
{
    return why == elsewhere ? yedit_refuse_shared(p->edit, old->line, why)
                            : yedit_refuse(p->edit, old->line, why);
}

/* ---- where nothing was asked for ------------------------------------------------------------ */

static bool same_scalar(const struct ytree_node *x, const struct ytree_node *y)
{
    return str_eq(x->text, y->text) && (x->style == YTREE_PLAIN) == (y->style == YTREE_PLAIN);
}

static bool same(struct proof *p, const struct ytree_node *x, const struct ytree_node *y)
{
    if (x->kind != y->kind || x->n != y->n || !str_eq(x->tag, y->tag))
        return refuse(p, x, elsewhere);
    if (x->kind == YTREE_ALIAS)
        return str_eq(x->text, y->text) ? same(p, x->of, y->of) : refuse(p, x, differs);
    if (x->kind == YTREE_SCALAR)
        return same_scalar(x, y) || refuse(p, x, elsewhere);
    const struct ytree_node *b = y->first;
    YTREE_EACH (a, x) {
        if ((a->key && !same(p, a->key, b->key)) || !same(p, a, b))
            return false;
        b = b->next;
    }
    return true;
}

/* ---- where something was -------------------------------------------------------------------- */

static bool grown(struct proof *p, const struct yplace *place, const struct ytree_node *x,
                  const struct ytree_node *y);

/* One child of the old document and its like. */
static bool child(struct proof *p, const struct yplace *c, const struct ytree_node *x,
                  const struct ytree_node *y)
{
    return c ? grown(p, c, x, y) : same(p, x, y);
}

static bool by_text(const void *x, const void *y, int *order)
{
    const struct ytree_pair *a = x, *b = y;
    *order = str_cmp(a->key->text, b->key->text);
    return *order == 0;
}

static int by_key(const void *x, const void *y)
{
    int order;
    by_text(x, y, &order);
    return order;
}

static ytree_pairs sorted_pairs(struct proof *p, const struct ytree_node *map)
{
    ytree_pairs all = ytree_all(p->edit->arena, map);
    if (all.n)
        qsort(all.v, all.n, sizeof *all.v, by_key);
    return all;
}

static const struct ytree_node *value_of(const ytree_pairs *pairs, struct str key)
{
    size_t from = 0, to = pairs->n;
    while (from < to) {
        size_t mid = from + (to - from) / 2;
        int c = str_cmp(pairs->v[mid].key->text, key);
        if (!c)
            return pairs->v[mid].value;
        if (c < 0)
            from = mid + 1;
        else
            to = mid;
    }
    return NULL;
}

/* Keys that are no scalars are not in the pairs: they stay as they are, in their order. */
static bool same_odd_keys(struct proof *p, const struct ytree_node *x, const struct ytree_node *y)
{
    const struct ytree_node *b = y->first;
    YTREE_EACH (a, x) {
        if (ytree_real(a->key)->kind == YTREE_SCALAR)
            continue;
        while (b && ytree_real(b->key)->kind == YTREE_SCALAR)
            b = b->next;
        if (!b || !same(p, a->key, b->key) || !same(p, a, b))
            return b ? false : refuse(p, a, differs);
        b = b->next;
    }
    for (; b; b = b->next)
        if (ytree_real(b->key)->kind != YTREE_SCALAR)
            return refuse(p, x, differs);
    return true;
}

static const struct ytree_node *real_pair(const struct yplace *c)
{
    return ytree_real(c->written);
}

/* Counts what of the new mapping is accounted for. */
static bool old_pairs(struct proof *p, const struct yplace *place, const ytree_pairs *was,
                      const ytree_pairs *now, size_t *seen)
{
    VEC_EACH (pair, was) {
        const struct yplace *c = yedit_known(place, pair->key->text, 0);
        const struct ytree_node *y = value_of(now, pair->key->text);
        if (c && real_pair(c) != pair->value)
            return refuse(p, pair->key, differs);
        if (c && (c->change == YPLACE_REMOVED || c->change == YPLACE_BECOME)) {
            const struct ytree_node *new =
                c->change == YPLACE_BECOME ? value_of(now, c->new_key) : NULL;
            bool again = c->change == YPLACE_BECOME && str_eq(c->new_key, pair->key->text);
            if ((y && !again) ||
                (c->change == YPLACE_BECOME && (!new || !yvalue_is(c->fresh, new))))
                return refuse(p, pair->key, differs);
            *seen += c->change == YPLACE_BECOME;
            continue;
        }
        if (!y)
            return refuse(p, pair->key, differs);
        if (!child(p, c, pair->value, y))
            return false;
        ++*seen;
    }
    return true;
}

static bool grown_map(struct proof *p, const struct yplace *place, const struct ytree_node *x,
                      const struct ytree_node *y)
{
    ytree_pairs was = sorted_pairs(p, x), now = sorted_pairs(p, y);
    size_t seen = 0;
    if (!old_pairs(p, place, &was, &now, &seen))
        return false;
    VEC_EACH (v, &place->puts) {
        const struct ytree_node *new = value_of(&now, (*v)->key);
        if (!new || value_of(&was, (*v)->key) || !yvalue_is(*v, new))
            return refuse(p, x, differs);
        seen++;
    }
    return seen == now.n ? same_odd_keys(p, x, y) : refuse(p, x, elsewhere);
}

static bool grown_list(struct proof *p, const struct yplace *place, const struct ytree_node *x,
                       const struct ytree_node *y)
{
    const struct ytree_node *b = y->first;
    size_t index = 0;
    YTREE_EACH (a, x) {
        const struct yplace *c = yedit_known(place, STR(""), index++);
        if (c && c->change == YPLACE_REMOVED)
            continue;
        if (!b)
            return refuse(p, x, differs);
        if (!child(p, c, a, b))
            return false;
        b = b->next;
    }
    VEC_EACH (v, &place->puts) {
        if (!b || !yvalue_is(*v, b))
            return refuse(p, x, differs);
        b = b->next;
    }
    return !b || refuse(p, x, elsewhere);
}

static bool grown(struct proof *p, const struct yplace *place, const struct ytree_node *x,
                  const struct ytree_node *y)
{
    x = ytree_real(x);
    y = ytree_real(y);
    if (place->change == YPLACE_SET)
        return yvalue_is(place->fresh, y) || refuse(p, x, differs);
    if (x->kind != y->kind || !str_eq(x->tag, y->tag) || !str_eq(x->anchor, y->anchor))
        return refuse(p, x, differs);
    if (x->kind == YTREE_MAPPING)
        return grown_map(p, place, x, y);
    if (x->kind == YTREE_SEQUENCE)
        return grown_list(p, place, x, y);
    return same_scalar(x, y) || refuse(p, x, differs);
}

/* ---- the document again --------------------------------------------------------------------- */

/* The edits, as those of the document's bytes alone. */
static struct str edited(struct yedit *e, struct span doc)
{
    struct arena *a = e->arena;
    struct patch_edit *shifted = arena_alloc(a, e->edits.n * sizeof *shifted);
    for (size_t i = 0; i < e->edits.n; i++) {
        shifted[i] = e->edits.v[i];
        if (shifted[i].old.from < doc.from || shifted[i].old.to > doc.to)
            return STR_NULL;
        shifted[i].old.from -= doc.from;
        shifted[i].old.to -= doc.from;
    }
    return patch_apply(a, str_sub(e->source, doc.from, doc.to), shifted, e->edits.n);
}

bool yedit_prove(struct yedit *e)
{
    const struct ytree_doc *doc = &e->tree->docs.v[e->doc];
    struct proof p = {.edit = e};
    struct ytree now;
    if (!e->edits.n)
        return true;
    struct str text = edited(e, doc->span);
    if (!text.p)
        return yedit_refuse(e, doc->line, "a change does not lie in its document");
    if (!ytree_parse(&now, e->arena, text) || now.docs.n != 1)
        return yedit_refuse(e, doc->line, "the edited document could not be read any more");
    return grown(&p, e->root, doc->root, now.docs.v[0].root);
}
