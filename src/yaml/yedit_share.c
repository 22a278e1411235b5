/*
 * Nodes that an anchor or a merge key shares. Here it is only seen to that nothing is written
 * twice; whether all places that share a node want the change is for the proof to find.
 */
#include "yaml/yedit_text.h"

static const char differ[] = "places that share this by an anchor need different values";

static bool refuse(struct ytext *t, const struct ytree_node *n)
{
    return yedit_refuse_shared(t->edit, n->line, differ);
}

static bool remember(struct ytext *t, const struct ytree_node *n, enum yplace_change change,
                     const struct yvalue *value)
{
    if (t->shared.n == YEDIT_SHARED_MAX)
        return ytext_refuse(t, n, "too many changes below anchors");
    *vec_push(t->edit->arena, &t->shared) = (struct yshared){n, change, value};
    return true;
}

static const struct yshared *put_to(const struct ytext *t, const struct ytree_node *n,
                                    struct str key)
{
    VEC_EACH (s, &t->shared)
        if (s->node == n && s->change == YPLACE_KEPT && str_eq(s->value->key, key))
            return s;
    return NULL;
}

static bool is_merge(const struct ytree_node *pair)
{
    return pair->key->kind == YTREE_SCALAR && pair->key->style == YTREE_PLAIN &&
           str_is(pair->key->text, "<<");
}

static const struct yshared *put_by_merge(const struct ytext *t, const struct ytree_node *map,
                                          struct str key, unsigned depth)
{
    YTREE_EACH (it, map) {
        if (!it->key || !is_merge(it) || depth > YTREE_DEPTH_MAX)
            continue;
        const struct ytree_node *from = ytree_real(it);
        const struct ytree_node *one = from->kind == YTREE_SEQUENCE ? from->first : from;
        for (; one; one = from->kind == YTREE_SEQUENCE ? one->next : NULL) {
            const struct ytree_node *real = ytree_real(one);
            const struct yshared *s = real->kind == YTREE_MAPPING ? put_to(t, real, key) : NULL;
            if (!s && real->kind == YTREE_MAPPING)
                s = put_by_merge(t, real, key, depth + 1);
            if (s)
                return s;
        }
    }
    return NULL;
}

static bool has_merge(const struct ytree_node *n)
{
    YTREE_EACH (it, n)
        if (it->key && is_merge(it))
            return true;
    return false;
}

static bool list_was_written(struct ytext *t, const struct yplace *p, struct yputs *out)
{
    size_t at = 0;
    bool any = false;
    VEC_EACH (s, &t->shared) {
        if (s->node != p->node || s->change != YPLACE_KEPT)
            continue;
        any = true;
        if (at == p->puts.n || !yvalue_same(s->value, p->puts.v[at++]))
            return refuse(t, p->node);
    }
    if (any)
        return at == p->puts.n || refuse(t, p->node);
    VEC_EACH (v, &p->puts) {
        *vec_push(t->edit->arena, out) = *v;
        if (!remember(t, p->node, YPLACE_KEPT, *v))
            return false;
    }
    return true;
}

bool yshare_puts(struct ytext *t, struct yplace *p, struct yputs *out)
{
    bool list = p->node->kind == YTREE_SEQUENCE, merges = !list && has_merge(p->node);
    if (p->shared && list)
        return list_was_written(t, p, out);
    VEC_EACH (v, &p->puts) {
        const struct yshared *s = p->shared ? put_to(t, p->node, (*v)->key) : NULL;
        if (s && !yvalue_same(s->value, *v))
            return refuse(t, p->node);
        if (!s && merges) {
            s = put_by_merge(t, p->node, (*v)->key, 0);
            if (s && !yvalue_same(s->value, *v))
                s = NULL;
        }
        if (s)
            continue;
        *vec_push(t->edit->arena, out) = *v;
        if (p->shared && !remember(t, p->node, YPLACE_KEPT, *v))
            return false;
    }
    return true;
}

bool yshare_change(struct ytext *t, const struct yplace *p, bool *done)
{
    *done = false;
    if (!p->shared)
        return true;
    VEC_EACH (s, &t->shared) {
        if (s->node != p->written || s->change == YPLACE_KEPT)
            continue;
        *done = s->change == p->change &&
                (s->value ? p->fresh && yvalue_same(s->value, p->fresh) : !p->fresh);
        return *done || refuse(t, p->written);
    }
    return remember(t, p->written, p->change, p->fresh);
}
