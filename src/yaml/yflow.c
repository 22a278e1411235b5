/*
 * Flow collections, JSON among them. How one is written is told by its first keys: quoted or not,
 * with blanks or without, each on a line of its own or not.
 */
#include "yaml/ystyle.h"

static bool is_quoted(const struct ytree_node *n)
{
    return n && n->kind == YTREE_SCALAR && n->style == YTREE_DOUBLE;
}

/* All keys of the nearest mappings that have some are in double quotes. */
static bool is_json(const struct ytree_node *n)
{
    for (; n && n->style == YTREE_FLOW; n = n->parent) {
        if (n->kind != YTREE_MAPPING || !n->n)
            continue;
        YTREE_EACH (it, n)
            if (!is_quoted(it->key))
                return false;
        return true;
    }
    return false;
}

/* What the line of the byte begins with, when that is blank up to there. */
static bool line_prefix(struct str source, size_t at, struct str *prefix)
{
    size_t from = (size_t)(str_rchr(str_sub(source, 0, at), '\n') + 1);
    *prefix = str_sub(source, from, at);
    for (size_t i = 0; i < prefix->n; i++)
        if (prefix->p[i] != ' ' && prefix->p[i] != '\t')
            return false;
    return from > 0;
}

static size_t begin_of(const struct ytree_node *child)
{
    return child->key ? child->key->from : child->from;
}

static struct str blank_front(struct str source, size_t at)
{
    size_t from = (size_t)(str_rchr(str_sub(source, 0, at), '\n') + 1), to = from;
    while (to < at && (source.p[to] == ' ' || source.p[to] == '\t'))
        to++;
    return str_sub(source, from, to);
}

/* The prefix of the lines in a collection, and how it differs from that of its own line. */
static void find_lines(struct yflow *f, struct str source, const struct ytree_node *n)
{
    struct str own;
    if (n->n) {
        f->lines = line_prefix(source, begin_of(n->first), &f->prefix);
        own = blank_front(source, n->span.from);
    } else if (n->parent && n->parent->style == YTREE_FLOW && n->parent->n) {
        struct str up = blank_front(source, n->parent->span.from);
        f->lines = line_prefix(source, begin_of(n->parent->first), &own);
        f->step = str_starts(own, up) && own.n > up.n ? str_from(own, up.n) : STR("  ");
        return; /* the prefix is made of `own` and the step by the caller */
    } else {
        return;
    }
    f->step =
        str_starts(f->prefix, own) && f->prefix.n > own.n ? str_from(f->prefix, own.n) : STR("  ");
}

static void find_blanks(struct yflow *f, struct str source, const struct ytree_node *n)
{
    while (n && !n->n && n->parent && n->parent->style == YTREE_FLOW)
        n = n->parent;
    if (!n->n)
        return;
    f->padded = n->kind == YTREE_MAPPING && source.p[n->span.from + 1] == ' ';
    YTREE_EACH (it, n) {
        if (it->key && it->from > it->key->span.to)
            f->tight = str_chr(str_sub(source, it->key->span.to, it->from), ' ') < 0 &&
                       it->kind != YTREE_ALIAS;
        break;
    }
    f->tight = f->tight && !f->lines;
}

struct yflow yflow_of(const struct ystyle *s, struct str source, const struct ytree_node *flow)
{
    struct yflow f = {.json = is_json(flow), .end = s->end};
    f.prefix = blank_front(source, flow->span.from);
    find_lines(&f, source, flow);
    if (!flow->n)
        f.prefix = str_cat(s->arena, f.prefix, f.step);
    find_blanks(&f, source, flow);
    f.tight = f.tight && f.json;
    return f;
}

void yflow_key(struct buf *b, const struct yflow *f, struct str key)
{
    ystyle_scalar(b, f->json, &(struct yvalue){.kind = YVALUE_TEXT, .text = key});
}

void yflow_pair(struct buf *b, const struct yflow *f, const struct yvalue *v)
{
    yflow_key(b, f, v->key);
    buf_addz(b, f->tight ? ":" : ": ");
    yflow_value(b, f, v);
}

static void between(struct buf *b, const struct yflow *f, bool first)
{
    if (!first)
        buf_addc(b, ',');
    if (f->lines) {
        buf_add(b, f->end);
        buf_add(b, f->prefix);
    } else if (!first && !f->tight) {
        buf_addc(b, ' ');
    }
}

void yflow_value(struct buf *b, const struct yflow *f, const struct yvalue *v)
{
    if (v->kind == YVALUE_TEXT || v->kind == YVALUE_WORD) {
        ystyle_scalar(b, f->json, v);
        return;
    }
    struct yflow in = *f;
    bool map = v->kind == YVALUE_MAP, pad = map && f->padded && v->first && !f->lines;
    if (f->lines)
        in.prefix = str_cat(b->arena, f->prefix, f->step);
    buf_addc(b, map ? '{' : '[');
    if (pad)
        buf_addc(b, ' ');
    for (const struct yvalue *it = v->first; it; it = it->next) {
        between(b, &in, it == v->first);
        if (map)
            yflow_pair(b, &in, it);
        else
            yflow_value(b, &in, it);
    }
    if (pad)
        buf_addc(b, ' ');
    if (f->lines && v->first) {
        buf_add(b, f->end);
        buf_add(b, f->prefix);
    }
    buf_addc(b, map ? '}' : ']');
}
