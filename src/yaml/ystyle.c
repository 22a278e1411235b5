/*
 * Block collections vote for their indentation: each mapping in a mapping for its step, each
 * sequence in a mapping for standing below its key or further in.
 */
#include "yaml/ystyle.h"

enum { STEP_MAX = 8, VOTERS_MAX = 1 << 16 };

struct votes {
    unsigned step[STEP_MAX + 1], list[STEP_MAX + 1];
    unsigned flow, block; /* sequences of scalars */
    unsigned voters;
};

static bool all_scalars(const struct ytree_node *list)
{
    YTREE_EACH (it, list)
        if (it->kind != YTREE_SCALAR)
            return false;
    return list->n > 0;
}

static void vote(struct votes *v, const struct ytree_node *n)
{
    const struct ytree_node *up = n->parent;
    bool list = n->kind == YTREE_SEQUENCE;
    if (list && all_scalars(n))
        *(n->style == YTREE_FLOW ? &v->flow : &v->block) += 1;
    if (!up || !n->n || up->kind != YTREE_MAPPING || up->style != YTREE_BLOCK ||
        n->style != YTREE_BLOCK || n->col < up->col || n->col - up->col > STEP_MAX)
        return;
    (list ? v->list : v->step)[n->col - up->col]++;
}

static void collect(struct votes *v, const struct ytree_node *n)
{
    if (n->kind != YTREE_MAPPING && n->kind != YTREE_SEQUENCE)
        return;
    if (v->voters++ > VOTERS_MAX)
        return;
    vote(v, n);
    YTREE_EACH (it, n)
        collect(v, it);
}

static size_t winner(const unsigned *votes, size_t from, size_t usual)
{
    size_t best = usual;
    for (size_t i = from; i <= STEP_MAX; i++)
        if (votes[i] > votes[best])
            best = i;
    return best;
}

static struct str line_end_of(struct str source)
{
    ptrdiff_t lf = str_chr(source, '\n');
    return lf > 0 && source.p[lf - 1] == '\r' ? STR("\r\n") : STR("\n");
}

struct ystyle ystyle_of(struct arena *a, struct str source, const struct ytree_node *root)
{
    struct votes v = {.voters = 0};
    collect(&v, root);
    struct ystyle s = {.arena = a, .end = line_end_of(source)};
    s.step = winner(v.step, 1, 2);
    s.list = winner(v.list, 0, 0);
    s.flow_lists = v.flow > v.block;
    return s;
}

struct ystyle ystyle_near(const struct ystyle *s, const struct ytree_node *map)
{
    struct votes v = {.voters = 0};
    struct ystyle near = *s;
    YTREE_EACH (it, map)
        if (it->kind == YTREE_MAPPING || it->kind == YTREE_SEQUENCE)
            vote(&v, it);
    near.step = winner(v.step, 1, s->step);
    near.list = winner(v.list, 0, s->list);
    return near;
}

/* ---- scalars -------------------------------------------------------------------------------- */

static void quoted(struct buf *b, struct str text)
{
    buf_addc(b, '"');
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '"' || c == '\\')
            buf_addf(b, "\\%c", c);
        else if (c < 0x20 || c == 0x7F)
            buf_addf(b, "\\u%04x", c);
        else
            buf_addc(b, (char)c);
    }
    buf_addc(b, '"');
}

void ystyle_scalar(struct buf *b, bool json, const struct yvalue *v)
{
    if (v->kind == YVALUE_WORD || (!json && yvalue_is_plain(v->text)))
        buf_add(b, v->text);
    else
        quoted(b, v->text);
}

/* ---- block ---------------------------------------------------------------------------------- */

static void blanks(struct buf *b, size_t n)
{
    while (n--)
        buf_addc(b, ' ');
}

static bool is_collection(const struct yvalue *v)
{
    return v->kind == YVALUE_MAP || v->kind == YVALUE_LIST;
}

static bool is_short_list(const struct yvalue *v)
{
    if (v->kind != YVALUE_LIST)
        return false;
    for (const struct yvalue *it = v->first; it; it = it->next)
        if (is_collection(it))
            return false;
    return true;
}

/* In a line: a scalar, what is empty, a short sequence where such are written so. */
static bool is_inline(const struct ystyle *s, const struct yvalue *v)
{
    return !is_collection(v) || !v->first || (s->flow_lists && is_short_list(v));
}

static void in_line(struct buf *b, const struct ystyle *s, const struct yvalue *v)
{
    yflow_value(b, &(struct yflow){.end = s->end}, v);
}

void ystyle_block_children(struct buf *b, const struct ystyle *s, size_t indent,
                           const struct yvalue *v)
{
    for (const struct yvalue *it = v->first; it; it = it->next)
        if (v->kind == YVALUE_MAP)
            ystyle_block_pair(b, s, indent, it);
        else
            ystyle_block_element(b, s, indent, it);
}

/* Everything behind the blanks that the line begins with. */
static void pair_rest(struct buf *b, const struct ystyle *s, size_t indent, const struct yvalue *v)
{
    yflow_key(b, &(struct yflow){.end = s->end}, v->key);
    buf_addc(b, ':');
    if (is_inline(s, v)) {
        buf_addc(b, ' ');
        in_line(b, s, v);
        buf_add(b, s->end);
        return;
    }
    buf_add(b, s->end);
    ystyle_block_children(b, s, indent + (v->kind == YVALUE_MAP ? s->step : s->list), v);
}

void ystyle_block_pair(struct buf *b, const struct ystyle *s, size_t indent, const struct yvalue *v)
{
    blanks(b, indent);
    pair_rest(b, s, indent, v);
}

void ystyle_block_element(struct buf *b, const struct ystyle *s, size_t indent,
                          const struct yvalue *v)
{
    blanks(b, indent);
    buf_addz(b, "- ");
    if (v->kind != YVALUE_MAP || !v->first) {
        in_line(b, s, v);
        buf_add(b, s->end);
        return;
    }
    pair_rest(b, s, indent + 2, v->first);
    for (const struct yvalue *it = v->first->next; it; it = it->next)
        ystyle_block_pair(b, s, indent + 2, it);
}
