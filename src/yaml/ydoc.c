/*
 * libyaml tells what it sees as events; a stack of the collections that are open makes a tree of
 * them. In a mapping every other event is a key, which waits in its frame for the value. libyaml
 * has no limits of its own and becomes quadratic in deep flow collections, so depth, nodes and
 * bytes are counted here and the reading stops at the first event beyond.
 */
#include "yaml/ydoc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

#include "base/bug.h"
#include "base/utf8.h"

struct frame {
    struct ydoc_node *node;
    struct ydoc_node *last;
    struct ydoc_node *key; /* read, waits for its value */
};

struct builder {
    struct ydoc *d;
    yaml_parser_t parser;
    struct frame open[YDOC_DEPTH_MAX];
    size_t depth, nodes, documents;
};

const char *ydoc_quote(struct ydoc *d, struct str s)
{
    struct str safe = utf8_safe(d->arena, s, 60);
    return str_fmt(d->arena, "'%.*s'", STR_ARG(safe)).p;
}

static void set_error(struct ydoc *d, size_t line, size_t col, const char *message)
{
    struct str label = utf8_safe(d->arena, str_of(d->label), 0);
    if (!d->error)
        d->error = str_fmt(d->arena, "%.*s:%zu:%zu: %s", STR_ARG(label), line, col, message).p;
}

bool ydoc_fail(struct ydoc *d, const struct ydoc_node *at, const char *fmt, ...)
{
    char message[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(message, sizeof message, fmt, ap);
    va_end(ap);
    set_error(d, at ? at->line : 1, at ? at->col : 1, message);
    return false;
}

static bool fail_at(struct builder *b, yaml_mark_t mark, const char *message)
{
    set_error(b->d, mark.line + 1, mark.column + 1, message);
    return false;
}

/* A byte that is no UTF-8, or a character YAML does not allow: libyaml knows the offset only. */
static bool fail_reader(struct builder *b, struct str yaml)
{
    size_t line = 1, start = 0, at = b->parser.problem_offset;
    for (size_t i = 0; i < at && i < yaml.n; i++)
        if (yaml.p[i] == '\n')
            line++, start = i + 1;
    set_error(b->d, line, utf8_count(str_sub(yaml, start, at)) + 1, b->parser.problem);
    return false;
}

static bool fail_parser(struct builder *b, struct str yaml)
{
    switch (b->parser.error) {
    case YAML_MEMORY_ERROR:
        bug_out_of_memory(yaml.n);
    case YAML_READER_ERROR:
        return fail_reader(b, yaml);
    default:
        return fail_at(b, b->parser.problem_mark, b->parser.problem);
    }
}

static struct ydoc_node *node_new(struct builder *b, enum ydoc_kind kind, yaml_mark_t mark)
{
    struct ydoc_node *n = arena_new(b->d->arena, struct ydoc_node);
    n->kind = kind;
    n->line = (unsigned)mark.line + 1;
    n->col = (unsigned)mark.column + 1;
    b->nodes++;
    return n;
}

/* Puts the node where it belongs: at the root, behind its siblings, or as a key into its frame. */
static bool place(struct builder *b, struct ydoc_node *n)
{
    struct frame *f = b->depth ? &b->open[b->depth - 1] : NULL;
    if (b->nodes > YDOC_NODES_MAX)
        return ydoc_fail(b->d, n, "too many values (limit %d)", YDOC_NODES_MAX);
    if (!f) {
        b->d->root = n;
        return true;
    }
    if (f->node->kind == YDOC_MAP && !f->key) {
        if (n->kind != YDOC_TEXT || ydoc_is_nothing(n))
            return ydoc_fail(b->d, n, "a key must be a text");
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

static bool open_node(struct builder *b, struct ydoc_node *n)
{
    if (b->depth == YDOC_DEPTH_MAX)
        return ydoc_fail(b->d, n, "nested too deeply (limit %d)", YDOC_DEPTH_MAX);
    if (!place(b, n))
        return false;
    b->open[b->depth++] = (struct frame){.node = n};
    return true;
}

static int by_key(const void *x, const void *y)
{
    const struct ydoc_node *a = *(struct ydoc_node *const *)x;
    const struct ydoc_node *b = *(struct ydoc_node *const *)y;
    int c = str_cmp(a->key->text, b->key->text);
    if (c)
        return c;
    if (a->key->line != b->key->line)
        return a->key->line < b->key->line ? -1 : 1;
    return (a->key->col > b->key->col) - (a->key->col < b->key->col);
}

/* By sorting, because a mapping may have as many keys as its author likes. */
static bool keys_differ(struct builder *b, struct ydoc_node *map)
{
    if (map->n < 2)
        return true;
    size_t n = 0;
    const struct ydoc_node **v = arena_alloc(b->d->arena, map->n * sizeof *v);
    YDOC_EACH (it, map)
        v[n++] = it;
    qsort(v, n, sizeof *v, by_key);
    for (size_t i = 1; i < n; i++)
        if (str_eq(v[i - 1]->key->text, v[i]->key->text))
            return ydoc_fail(b->d, v[i]->key, "key %s is given twice, first in line %u",
                             ydoc_quote(b->d, v[i]->key->text), v[i - 1]->key->line);
    return true;
}

static bool close_node(struct builder *b)
{
    struct frame *f = &b->open[--b->depth];
    return f->node->kind != YDOC_MAP || keys_differ(b, f->node);
}

static bool bare(struct builder *b, const yaml_event_t *e, const void *anchor, const void *tag)
{
    if (anchor)
        return fail_at(b, e->start_mark, "anchors are not supported");
    if (tag)
        return fail_at(b, e->start_mark, "tags are not supported");
    return true;
}

static bool scalar(struct builder *b, const yaml_event_t *e)
{
    struct ydoc_node *n = node_new(b, YDOC_TEXT, e->start_mark);
    n->plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    n->text =
        str_dup(b->d->arena, str_make((const char *)e->data.scalar.value, e->data.scalar.length));
    return bare(b, e, e->data.scalar.anchor, e->data.scalar.tag) && place(b, n);
}

static bool take(struct builder *b, const yaml_event_t *e)
{
    switch (e->type) {
    case YAML_SCALAR_EVENT:
        return scalar(b, e);
    case YAML_SEQUENCE_START_EVENT:
        return bare(b, e, e->data.sequence_start.anchor, e->data.sequence_start.tag) &&
               open_node(b, node_new(b, YDOC_LIST, e->start_mark));
    case YAML_MAPPING_START_EVENT:
        return bare(b, e, e->data.mapping_start.anchor, e->data.mapping_start.tag) &&
               open_node(b, node_new(b, YDOC_MAP, e->start_mark));
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return close_node(b);
    case YAML_ALIAS_EVENT:
        return fail_at(b, e->start_mark, "aliases are not supported");
    case YAML_DOCUMENT_START_EVENT:
        return b->documents++ == 0 || fail_at(b, e->start_mark, "only one document is allowed");
    default:
        return true;
    }
}

static bool build(struct builder *b, struct str yaml)
{
    for (bool more = true; more;) {
        yaml_event_t e;
        if (!yaml_parser_parse(&b->parser, &e))
            return fail_parser(b, yaml);
        more = e.type != YAML_STREAM_END_EVENT;
        bool ok = take(b, &e);
        yaml_event_delete(&e);
        if (!ok)
            return false;
    }
    return true;
}

bool ydoc_parse(struct ydoc *d, struct arena *a, const char *label, struct str yaml)
{
    *d = (struct ydoc){.arena = a, .label = label};
    struct builder b = {.d = d};
    if (yaml.n > YDOC_SIZE_MAX)
        return ydoc_fail(d, NULL, "too large (limit %d bytes)", YDOC_SIZE_MAX);
    if (!yaml_parser_initialize(&b.parser))
        bug_out_of_memory(sizeof b.parser);
    /* Set, or libyaml would read UTF-16 too; but then a byte order mark counts as a column.
     */
    yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
    if (str_starts(yaml, STR("\xEF\xBB\xBF")))
        yaml = str_from(yaml, 3);
    yaml_parser_set_input_string(&b.parser, (const unsigned char *)(yaml.p ? yaml.p : ""), yaml.n);
    bool ok = build(&b, yaml);
    yaml_parser_delete(&b.parser);
    if (!ok || (d->root && ydoc_is_nothing(d->root)))
        d->root = NULL;
    return ok;
}
