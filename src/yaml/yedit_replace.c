/*
 * Values that are set, pairs that become others, and what is removed. In block collections whole
 * lines go; where a pair stands behind a dash, only the pair.
 */
#include "yaml/yedit_text.h"

/* The end of what is written for a node, without the line end of a | or >. */
static size_t end_of(const struct ytext *t, const struct ytree_node *n)
{
    struct str s = t->edit->source;
    size_t end = n->span.to;
    while (end > n->span.from && (s.p[end - 1] == '\n' || s.p[end - 1] == '\r'))
        end--;
    return end;
}

static bool in_flow(const struct ytree_node *n)
{
    return n->parent && n->parent->style == YTREE_FLOW;
}

static void add_value(struct ytext *t, struct buf *b, const struct ytree_node *n,
                      const struct yvalue *v)
{
    struct yflow f = {.end = t->style.end};
    if (in_flow(n))
        f = yflow_of(&t->style, t->edit->source, n->parent);
    yflow_value(b, &f, v);
}

/* In place of a scalar its quotes stay, where it was in quotes. */
static void add_like(struct ytext *t, struct buf *b, const struct ytree_node *n,
                     const struct yvalue *v)
{
    bool quoted = n->kind == YTREE_SCALAR && v->kind == YVALUE_TEXT;
    if (quoted && n->style == YTREE_SINGLE && str_chr(v->text, '\'') < 0)
        buf_addf(b, "'%.*s'", STR_ARG(v->text));
    else if (quoted && n->style == YTREE_DOUBLE)
        ystyle_scalar(b, true, v);
    else
        add_value(t, b, n, v);
}

static bool set(struct ytext *t, const struct yplace *p)
{
    const struct ytree_node *n = p->written;
    struct buf b = buf_in(t->edit->arena);
    bool collection = p->fresh->kind == YVALUE_MAP || p->fresh->kind == YVALUE_LIST;
    if (collection && n->kind == YTREE_ALIAS)
        return ytext_refuse(t, n, "an alias would be replaced by a block");
    if (collection && p->fresh->first && ytree_is_null(n))
        return ytext_fill(t, n, p->fresh);
    if (n->tag.n || n->style == YTREE_LITERAL || n->style == YTREE_FOLDED)
        return ytext_refuse(t, n, "a value with a tag or in several lines would be replaced");
    if (n->kind != YTREE_ALIAS && n->style == YTREE_BLOCK)
        return ytext_refuse(t, n, "a block of lines would be replaced");
    if (ytext_needs_blank(t, n))
        buf_addc(&b, ' ');
    add_like(t, &b, n, p->fresh);
    ytext_add(t, n->span.from, n->span.to, SIZE_MAX, buf_str(&b));
    return true;
}

static bool become(struct ytext *t, const struct yplace *p)
{
    const struct ytree_node *n = p->written;
    struct buf b = buf_in(t->edit->arena);
    if (!n->key || n->key->kind != YTREE_SCALAR || n->key->anchor.n || n->key->tag.n)
        return ytext_refuse(t, n, "a key with an anchor or tag would be replaced");
    struct yflow f = {.end = t->style.end};
    if (in_flow(n))
        f = yflow_of(&t->style, t->edit->source, n->parent);
    p->fresh->key = p->new_key;
    yflow_pair(&b, &f, p->fresh);
    ytext_add(t, n->key->span.from, end_of(t, n), 0, buf_str(&b));
    return true;
}

/* ---- removing ------------------------------------------------------------------------------- */

static bool is_removed(const struct yplace *up, const struct ytree_node *n, size_t index)
{
    const struct yplace *p =
        yedit_known(up, n->key ? ytree_real(n->key)->text : STR(""), n->key ? 0 : index);
    return p && p->written == n && p->change == YPLACE_REMOVED;
}

/* The nearest one in front of the last element that stays. */
static const struct ytree_node *kept_before(const struct yplace *up, const struct ytree_node *n)
{
    const struct ytree_node *kept = NULL;
    size_t index = 0;
    for (const struct ytree_node *it = n->parent->first; it && it != n; it = it->next)
        if (!is_removed(up, it, index++))
            kept = it;
    return kept;
}

static size_t begin_of(const struct ytree_node *n)
{
    return n->key ? n->key->from : n->from;
}

static bool is_clear(struct str s)
{
    return str_chr(s, '#') < 0 && str_chr(s, '?') < 0;
}

/* With the comma that goes with it. */
static bool remove_flow(struct ytext *t, const struct yplace *p)
{
    struct str s = t->edit->source;
    const struct ytree_node *n = p->written, *prev = n->next ? NULL : kept_before(p->up, n);
    size_t from = begin_of(n), to = end_of(t, n);
    if (n->next) {
        to = begin_of(n->next);
        if (!is_clear(str_sub(s, end_of(t, n), to)))
            return ytext_refuse(t, n, "a comment stands behind what would be removed");
    } else if (prev) {
        from = end_of(t, prev);
        if (!is_clear(str_sub(s, from, begin_of(n))))
            return ytext_refuse(t, n, "a comment stands before what would be removed");
    }
    ytext_add(t, from, to, 0, STR(""));
    return true;
}

/* Where the lines of a block element or pair begin; false when something else stands there. */
static bool first_text(const struct ytext *t, const struct ytree_node *n, size_t *at)
{
    struct str s = t->edit->source;
    size_t begin = begin_of(n);
    *at = ytext_line_text(t, begin);
    if (n->key)
        return *at == begin;
    if (*at >= begin || s.p[*at] != '-')
        return false;
    for (size_t i = *at + 1; i < begin; i++)
        if (s.p[i] != ' ')
            return false;
    return true;
}

static bool remove_lines(struct ytext *t, const struct ytree_node *n, size_t text)
{
    struct str s = t->edit->source;
    size_t end = n->span.to, from = (size_t)(str_rchr(str_sub(s, 0, text), '\n') + 1);
    if (!(end > n->span.from && s.p[end - 1] == '\n'))
        end = ytext_line_end(t, end);
    ytext_add(t, from, end, 0, STR(""));
    return true;
}

/* Behind a dash: what follows moves up to it, but where a comment stands between. */
static bool remove_first_pair(struct ytext *t, const struct ytree_node *n)
{
    struct str s = t->edit->source;
    if (!n->key || !n->next || n->parent->first != n)
        return ytext_refuse(t, n, "what would be removed does not stand in a line of its own");
    struct str between = str_sub(s, end_of(t, n), begin_of(n->next));
    size_t from = begin_of(n), to = begin_of(n->next);
    if (str_chr(between, '?') >= 0 || str_chr(between, '\n') < 0)
        return ytext_refuse(t, n, "what would be removed does not stand in a line of its own");
    if (str_chr(between, '#') >= 0) {
        to = end_of(t, n);
        while (from && s.p[from - 1] == ' ' && str_chr(between, '#') > str_chr(between, '\n'))
            from--;
    }
    ytext_add(t, from, to, 0, STR(""));
    return true;
}

/* What is kept or put there, so that the collection does not become null. */
static bool leaves_some(const struct yplace *p)
{
    const struct yplace *up = p->up;
    if (up->puts.n || up->node != p->written->parent)
        return true;
    size_t index = 0;
    YTREE_EACH (it, up->node) {
        if (!is_removed(up, it, index++))
            return true;
    }
    return false;
}

/* All of a block goes: `{}` or `[]` takes its place, behind its key. */
static bool empty(struct ytext *t, const struct ytree_node *n)
{
    struct str s = t->edit->source;
    const struct ytree_node *all = n->parent;
    if (all->first != n)
        return true; /* done with the first of them */
    if (!all->key || all->key->kind != YTREE_SCALAR || all->anchor.n || all->tag.n)
        return ytext_refuse(t, n, "nothing would be left in the block");
    struct str between = str_sub(s, all->key->span.to, all->span.from);
    ptrdiff_t colon = str_chr(between, ':');
    if (colon < 0 || !is_clear(between))
        return ytext_refuse(t, n, "a comment stands before what would be removed");
    ytext_add(t, all->key->span.to + (size_t)colon + 1, end_of(t, all), 0,
              all->kind == YTREE_MAPPING ? STR(" {}") : STR(" []"));
    return true;
}

static bool remove_it(struct ytext *t, const struct yplace *p)
{
    const struct ytree_node *n = p->written;
    size_t text;
    if (!n->parent)
        return ytext_refuse(t, n, "a whole document would be removed");
    if (n->parent->style == YTREE_FLOW)
        return remove_flow(t, p);
    if (!leaves_some(p))
        return empty(t, n);
    if (first_text(t, n, &text))
        return remove_lines(t, n, text);
    return remove_first_pair(t, n);
}

bool ytext_replace(struct ytext *t, struct yplace *p)
{
    bool done;
    if (!yshare_change(t, p, &done))
        return false;
    if (done)
        return true;
    switch (p->change) {
    case YPLACE_SET:
        return set(t, p);
    case YPLACE_BECOME:
        return become(t, p);
    default:
        return remove_it(t, p);
    }
}
