/*
 * As in ydoc.c, libyaml's events are put together on a stack of the collections that are open.
 *
 * With an anchor or a tag libyaml tells where that begins, not where the value does: for a
 * collection the end of its first token helps, for a scalar the words in front of it are stepped
 * over.
 *
 * When a collection ends, its height and its size with aliases followed are known from what is in
 * it. An alias to a collection that has not ended would be a circle.
 */
#include "yaml/ytree.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/utf8.h"
#include "yaml/ytree_mark.h"

enum { TAG_DIRECTIVES_MAX = 100 };

struct frame {
    struct ytree_node *node, *last;
    struct ytree_node *key; /* read, waits for its value */
};

struct anchor {
    uint32_t hash;
    struct ytree_node *node;
};

struct builder {
    struct ytree *t;
    struct ytree_marks marks;
    yaml_parser_t parser;
    struct frame open[YTREE_DEPTH_MAX];
    size_t depth, nodes;
    VEC(struct anchor) anchors; /* of this document */
};

static bool fail(struct builder *b, size_t line, size_t col, const char *message)
{
    if (!b->t->error.message)
        b->t->error = (struct ytree_error){(unsigned)line, (unsigned)col, message, false};
    return false;
}

static bool fail_node(struct builder *b, const struct ytree_node *n, const char *message)
{
    return fail(b, n->line, n->col, message);
}

/* More than is taken here. */
static bool fail_limit(struct builder *b, size_t line, size_t col, const char *message)
{
    bool first = !b->t->error.message;
    fail(b, line, col, message);
    b->t->error.limit |= first;
    return false;
}

static bool fail_node_limit(struct builder *b, const struct ytree_node *n, const char *message)
{
    return fail_limit(b, n->line, n->col, message);
}

/* ---- nodes ---- */

static struct ytree_node *node_new(struct builder *b, enum ytree_kind kind, struct ytree_place from,
                                   struct ytree_place at)
{
    struct ytree_node *n = arena_new(b->t->arena, struct ytree_node);
    n->kind = kind;
    n->line = (unsigned)at.line;
    n->col = (unsigned)at.col;
    n->from = from.at + b->marks.bom;
    n->span = span_make(at.at + b->marks.bom, at.at + b->marks.bom);
    n->expanded = kind == YTREE_SCALAR || kind == YTREE_ALIAS;
    b->nodes++;
    return n;
}

static struct str text_of(struct builder *b, const unsigned char *z)
{
    return z ? str_dup(b->t->arena, str_of((const char *)z)) : STR("");
}

/* Puts the node where it belongs: as a root, behind its siblings, or as a key into its frame. */
static bool place(struct builder *b, struct ytree_node *n)
{
    struct frame *f = b->depth ? &b->open[b->depth - 1] : NULL;
    if (b->nodes > YTREE_NODES_MAX)
        return fail_node_limit(b, n, "too many values");
    if (!f) {
        b->t->docs.v[b->t->docs.n - 1].root = n;
        return true;
    }
    n->parent = f->node;
    if (f->node->kind == YTREE_MAPPING && !f->key) {
        f->key = n;
        return true;
    }
    n->key = f->key;
    f->key = NULL;
    *(f->last ? &f->last->next : &f->node->first) = n;
    f->last = n;
    f->node->n++;
    return true;
}

static uint32_t hash_of(struct str s)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 16777619u;
    return h;
}

static bool add_anchor(struct builder *b, struct ytree_node *n)
{
    if (!n->anchor.n)
        return true;
    if (b->anchors.n == YTREE_ANCHORS_MAX)
        return fail_node_limit(b, n, "too many anchors");
    *vec_push(b->t->arena, &b->anchors) = (struct anchor){hash_of(n->anchor), n};
    return true;
}

/* The newest one of that name. There are few enough to look at all of them. */
static struct ytree_node *anchored(const struct builder *b, struct str name)
{
    uint32_t hash = hash_of(name);
    for (size_t i = b->anchors.n; i-- > 0;)
        if (b->anchors.v[i].hash == hash && str_eq(b->anchors.v[i].node->anchor, name))
            return b->anchors.v[i].node;
    return NULL;
}

static enum ytree_style scalar_style(yaml_scalar_style_t style)
{
    switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
        return YTREE_SINGLE;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
        return YTREE_DOUBLE;
    case YAML_LITERAL_SCALAR_STYLE:
        return YTREE_LITERAL;
    case YAML_FOLDED_SCALAR_STYLE:
        return YTREE_FOLDED;
    default:
        return YTREE_PLAIN;
    }
}

static bool scalar(struct builder *b, const yaml_event_t *e)
{
    struct ytree_place from = ytree_mark_place(&b->marks, e->start_mark),
                       end = ytree_mark_place(&b->marks, e->end_mark), at = from;
    enum ytree_style style = scalar_style(e->data.scalar.style);
    int words = !!e->data.scalar.anchor + !!e->data.scalar.tag;
    if (style == YTREE_PLAIN && !e->data.scalar.length)
        at = end;
    else
        at = ytree_mark_skip(&b->marks, from, words);
    struct ytree_node *n = node_new(b, YTREE_SCALAR, from, at);
    n->style = style;
    n->span.to = (uint32_t)((end.at > at.at ? end.at : at.at) + b->marks.bom);
    n->anchor = text_of(b, e->data.scalar.anchor);
    n->tag = text_of(b, e->data.scalar.tag);
    n->text =
        str_dup(b->t->arena, str_make((const char *)e->data.scalar.value, e->data.scalar.length));
    return place(b, n) && add_anchor(b, n);
}

static bool alias(struct builder *b, const yaml_event_t *e)
{
    struct ytree_place at = ytree_mark_place(&b->marks, e->start_mark);
    struct ytree_node *n = node_new(b, YTREE_ALIAS, at, at);
    n->span.to = (uint32_t)(ytree_mark_place(&b->marks, e->end_mark).at + b->marks.bom);
    n->text = text_of(b, e->data.alias.anchor);
    n->of = anchored(b, n->text);
    if (!n->of)
        return fail_node(b, n, "an alias without an anchor of that name before it");
    if (!n->of->expanded)
        return fail_node(b, n, "an alias that stands for what it is in");
    n->height = n->of->height;
    n->expanded = n->of->expanded + 1;
    return place(b, n);
}

/* ---- collections ---- */

/* Where the first token of a collection is. It has no length at a key or at the '-' of an indented
 * sequence; '[', '{', '?' and the '-' of other sequences end there. */
static struct ytree_place first_token(const struct builder *b, const yaml_event_t *e, bool flow)
{
    struct ytree_place p = ytree_mark_place(&b->marks, e->end_mark);
    bool sequence = e->type == YAML_SEQUENCE_START_EVENT;
    bool long_token = flow || (sequence && ytree_mark_char(&b->marks, p.at) != '-');
    if (long_token && e->end_mark.index > e->start_mark.index) {
        p.at--;
        p.col--;
    }
    return p;
}

static bool open_node(struct builder *b, const yaml_event_t *e)
{
    bool map = e->type == YAML_MAPPING_START_EVENT;
    bool flow = map ? e->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
                    : e->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    struct ytree_node *n =
        node_new(b, map ? YTREE_MAPPING : YTREE_SEQUENCE,
                 ytree_mark_place(&b->marks, e->start_mark), first_token(b, e, flow));
    n->style = flow ? YTREE_FLOW : YTREE_BLOCK;
    n->anchor = text_of(b, map ? e->data.mapping_start.anchor : e->data.sequence_start.anchor);
    n->tag = text_of(b, map ? e->data.mapping_start.tag : e->data.sequence_start.tag);
    if (b->depth == YTREE_DEPTH_MAX)
        return fail_node_limit(b, n, "nested too deeply");
    if (!place(b, n) || !add_anchor(b, n))
        return false;
    b->open[b->depth++] = (struct frame){.node = n};
    return true;
}

static struct str key_text(const struct ytree_node *value)
{
    const struct ytree_node *key = ytree_real(value->key);
    return key->kind == YTREE_SCALAR ? key->text : STR_NULL;
}

static int by_key(const void *x, const void *y)
{
    const struct ytree_node *a = *(struct ytree_node *const *)x;
    const struct ytree_node *b = *(struct ytree_node *const *)y;
    int c = str_cmp(key_text(a), key_text(b));
    if (c)
        return c;
    return (a->key->span.from > b->key->span.from) - (a->key->span.from < b->key->span.from);
}

/* By sorting, because a mapping may have as many keys as its author likes. */
static void mark_repeated(struct builder *b, struct ytree_node *map)
{
    size_t n = 0;
    if (map->n < 2)
        return;
    struct ytree_node **v = arena_alloc(b->t->arena, map->n * sizeof *v);
    for (struct ytree_node *it = map->first; it; it = it->next)
        if (key_text(it).p)
            v[n++] = it;
    qsort(v, n, sizeof *v, by_key);
    for (size_t i = 1; i < n; i++) {
        if (!str_eq(key_text(v[i - 1]), key_text(v[i])))
            continue;
        v[i]->repeated = true;
        if (!b->t->repeated || v[i]->key->span.from < b->t->repeated->span.from)
            b->t->repeated = v[i]->key;
    }
}

static bool count_node(struct builder *b, struct ytree_node *n)
{
    size_t expanded = 1;
    uint32_t height = 0;
    YTREE_EACH (it, n) {
        expanded += it->expanded + (it->key ? it->key->expanded : 0);
        if (it->height > height)
            height = it->height;
        if (it->key && it->key->height > height)
            height = it->key->height;
        if (expanded > YTREE_EXPANDED_MAX)
            return fail_node_limit(b, n, "aliases that multiply beyond measure");
    }
    if (height >= YTREE_DEPTH_MAX)
        return fail_node_limit(b, n, "nested too deeply, aliases followed");
    n->expanded = (uint32_t)expanded;
    n->height = height + 1;
    return true;
}

static bool close_node(struct builder *b, const yaml_event_t *e)
{
    struct frame *f = &b->open[--b->depth];
    char first = ytree_mark_char(&b->marks, f->node->span.from - b->marks.bom);
    if (f->node->style == YTREE_FLOW && (first == '[' || first == '{')) /* not `[key: value]` */
        f->node->span.to = (uint32_t)(ytree_mark_place(&b->marks, e->end_mark).at + b->marks.bom);
    else if (f->last)
        f->node->span.to = f->last->span.to;
    if (f->node->span.to < f->node->span.from)
        f->node->span.to = f->node->span.from;
    if (f->node->kind == YTREE_MAPPING)
        mark_repeated(b, f->node);
    return count_node(b, f->node);
}

/* ---- the stream ---- */

static bool open_document(struct builder *b, const yaml_event_t *e)
{
    struct ytree_place p = ytree_mark_place(&b->marks, e->start_mark);
    *vec_push(b->t->arena, &b->t->docs) =
        (struct ytree_doc){.span = span_make(p.at + b->marks.bom, p.at + b->marks.bom),
                           .line = (unsigned)p.line,
                           .marked = !e->data.document_start.implicit};
    b->anchors.n = 0;
    return true;
}

static bool close_document(struct builder *b, const yaml_event_t *e)
{
    struct ytree_doc *doc = &b->t->docs.v[b->t->docs.n - 1];
    doc->span.to = (uint32_t)(ytree_mark_place(&b->marks, e->end_mark).at + b->marks.bom);
    return true;
}

static bool take(struct builder *b, const yaml_event_t *e)
{
    switch (e->type) {
    case YAML_SCALAR_EVENT:
        return scalar(b, e);
    case YAML_ALIAS_EVENT:
        return alias(b, e);
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        return open_node(b, e);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return close_node(b, e);
    case YAML_DOCUMENT_START_EVENT:
        return open_document(b, e);
    case YAML_DOCUMENT_END_EVENT:
        return close_document(b, e);
    default:
        return true;
    }
}

/* A byte that is no UTF-8, or a character YAML does not allow: libyaml knows the offset only. */
static bool fail_reader(struct builder *b)
{
    size_t line = 1, start = 0, at = b->parser.problem_offset;
    for (size_t i = 0; i < at && i < b->marks.yaml.n; i++)
        if (b->marks.yaml.p[i] == '\n')
            line++, start = i + 1;
    return fail(b, line, utf8_count(str_sub(b->marks.yaml, start, at)) + 1, b->parser.problem);
}

static bool fail_parser(struct builder *b)
{
    switch (b->parser.error) {
    case YAML_MEMORY_ERROR:
        bug_out_of_memory(b->marks.yaml.n);
    case YAML_READER_ERROR:
        return fail_reader(b);
    default:
        return fail(b, b->parser.problem_mark.line + 1, b->parser.problem_mark.column + 1,
                    b->parser.problem);
    }
}

static bool build(struct builder *b)
{
    for (bool more = true; more;) {
        yaml_event_t e;
        if (!yaml_parser_parse(&b->parser, &e))
            return fail_parser(b);
        more = e.type != YAML_STREAM_END_EVENT;
        bool ok = take(b, &e);
        yaml_event_delete(&e);
        if (!ok)
            return false;
    }
    return true;
}

/* libyaml compares each %TAG with all those before it. */
static bool few_directives(struct builder *b)
{
    struct str rest = b->marks.yaml, line;
    size_t count = 0, number = 0;
    while (str_split(&rest, '\n', &line)) {
        number++;
        if (str_starts(line, STR("%TAG")) && ++count > TAG_DIRECTIVES_MAX)
            return fail_limit(b, number, 1, "too many %TAG directives");
    }
    return true;
}

static bool read_bytes(struct builder *b)
{
    if (!few_directives(b))
        return false;
    if (!yaml_parser_initialize(&b->parser))
        bug_out_of_memory(sizeof b->parser);
    /* Set, or libyaml would read UTF-16 too; but then a byte order mark counts as a column. */
    yaml_parser_set_encoding(&b->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&b->parser,
                                 (const unsigned char *)(b->marks.yaml.p ? b->marks.yaml.p : ""),
                                 b->marks.yaml.n);
    bool ok = build(b);
    yaml_parser_delete(&b->parser);
    return ok;
}

bool ytree_parse(struct ytree *t, struct arena *a, struct str yaml)
{
    *t = (struct ytree){.arena = a};
    struct builder *b = arena_new(a, struct builder);
    b->t = t;
    b->marks = ytree_marks_make(a, yaml);
    bool ok = yaml.n > YTREE_SIZE_MAX ? fail_limit(b, 1, 1, "too large") : read_bytes(b);
    if (!ok) {
        t->docs.n = 0;
        t->repeated = NULL;
    }
    return ok;
}
