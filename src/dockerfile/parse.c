/*
 * The file as a list of items. Lines are read once, in order; a logical line that stands on one
 * physical line borrows its text from the source, a continued one is joined in the arena with a
 * table of where its pieces came from.
 */
#include "dockerfile/parse.h"
#include "base/buf.h"
#include "dockerfile/lex.h"
#include "dockerfile/list.h"
#include "dockerfile/node.h"

struct parser {
    struct arena *arena;
    struct lex lex;
    struct df_list *list;
    struct df_error *error;
    bool directives_done;
    size_t gap_from;   /* where the bytes begin that no item owns yet */
    unsigned gap_line; /* the line before them */
    VEC(struct str) comments;
};

static bool fail(struct parser *p, unsigned line, unsigned column, const char *message)
{
    *p->error = (struct df_error){line ? line : 1, column, message};
    return false;
}

/* ---- directives ----------------------------------------------------------------------------- */

static bool is_alpha(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Behind "#": ^([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$ */
static bool directive_parts(struct str s, struct str *name, struct str *value)
{
    size_t at = 0;
    s = lex_trim_left(s);
    while (at < s.n && (is_alpha(s.p[at]) || (at && s.p[at] >= '0' && s.p[at] <= '9')))
        at++;
    *name = str_sub(s, 0, at);
    struct str rest = str_trim(str_from(s, at));
    if (!at || !rest.n || rest.p[0] != '=')
        return false;
    *value = str_trim(str_from(rest, 1));
    return value->n > 0;
}

static bool set_escape(struct parser *p, struct str value)
{
    if (!str_is(value, "`") && !str_is(value, "\\"))
        return fail(
            p, p->lex.line, 1,
            str_fmt(p->arena, "invalid escape token '%.*s' does not match ` or \\", STR_ARG(value))
                .p);
    p->list->escape = value.p[0];
    return true;
}

/* Takes a line at the top of the file as a directive. *is_one: it was. */
static bool directive(struct parser *p, struct str line, bool *is_one)
{
    struct str name, value;
    *is_one = false;
    if (p->directives_done)
        return true;
    p->directives_done = true;
    if (!line.n || line.p[0] != '#' || !directive_parts(str_from(line, 1), &name, &value))
        return true;
    name = str_lower(p->arena, name);
    if (!str_is(name, "syntax") && !str_is(name, "escape") && !str_is(name, "check"))
        return true;
    VEC_EACH (d, &p->list->directives)
        if (str_eq(d->name, name))
            return fail(p, p->lex.line, 1,
                        str_fmt(p->arena, "only one %s parser directive can be used", name.p).p);
    p->directives_done = false;
    *is_one = true;
    *vec_push(p->arena, &p->list->directives) = (struct df_directive){name, value, p->lex.line};
    return !str_is(name, "escape") || set_escape(p, value);
}

/* ---- logical lines -------------------------------------------------------------------------- */

/* A top-level comment, for BuildKit's PrevComment: it cuts one byte off the untrimmed line. */
static void remember_comment(struct parser *p, struct str line)
{
    struct str text = lex_trim(str_from(line, 1));
    if (text.n)
        *vec_push(p->arena, &p->comments) = text;
    else
        p->comments.n = 0;
}

struct logical {
    struct lex_logical text;
    bool empty_continuation, open;
};

static void add_piece(struct parser *p, struct lex_logical *l, struct buf *joined, struct str text)
{
    size_t raw = (size_t)(text.p - p->lex.source.p);
    *vec_push(p->arena, &l->pieces) = (struct df_piece){joined->n, raw};
    buf_add(joined, text);
}

/* Joins the lines that continue `first`. */
static struct logical join(struct parser *p, struct str first)
{
    struct logical out = {0};
    struct lex_line line;
    bool more = lex_continued(&first, p->list->escape);
    *vec_push(p->arena, &out.text.pieces) =
        (struct df_piece){0, (size_t)(first.p - p->lex.source.p)};
    if (!more) {
        out.text.text = first;
        return out;
    }
    struct buf joined = buf_in(p->arena);
    buf_add(&joined, first);
    while (more && lex_next(&p->lex, &line)) {
        p->directives_done = true;
        if (lex_is_comment(line.text))
            continue;
        if (!lex_trim_left(line.text).n) {
            out.empty_continuation = true;
            continue;
        }
        more = lex_continued(&line.text, p->list->escape);
        add_piece(p, &out.text, &joined, line.text);
    }
    out.text.text = buf_str(&joined);
    out.open = more;
    return out;
}

/* Reads the bodies of the heredocs that the line asked for. */
static bool heredoc_bodies(struct parser *p, struct df_item *item, unsigned start)
{
    struct node_heredocs docs = node_heredocs(p->arena, item->node.original);
    struct lex_line line;
    VEC_EACH (doc, &docs.list) {
        size_t from = p->lex.at;
        for (;;) {
            if (!lex_next(&p->lex, &line))
                return fail(p, start, 1, "unterminated heredoc");
            struct str text = line.text;
            while (doc->chomp && text.n && text.p[0] == '\t')
                text = str_from(text, 1);
            if (str_eq(text, doc->name))
                break;
        }
        doc->content = str_sub(p->lex.source, from, line.from);
        *vec_push(p->arena, &item->node.heredocs) = *doc;
    }
    return true;
}

/* ---- items ---------------------------------------------------------------------------------- */

static struct df_item *append(struct parser *p, enum df_kind kind, size_t from, size_t to)
{
    struct df_item *item = arena_new(p->arena, struct df_item);
    item->kind = kind;
    item->source = span_make(from, to);
    item->bytes = str_sub(p->lex.source, from, to);
    item->prev = p->list->last;
    if (item->prev)
        item->prev->next = item;
    else
        p->list->first = item;
    p->list->last = item;
    return item;
}

static void close_gap(struct parser *p, size_t to, unsigned line)
{
    if (to > p->gap_from) {
        struct df_item *gap = append(p, DF_GAP, p->gap_from, to);
        gap->line = p->gap_line + 1;
        gap->end_line = line;
    }
    p->gap_from = to;
    p->gap_line = line;
}

/* From offsets in the logical line to offsets in the item's bytes. */
static void map_node(struct df_node *node, const struct lex_logical *l, size_t base)
{
    size_t to = node->rest_raw.to;
    node->rest_at = node->rest_raw.from;
    bool empty = node->rest_raw.from == to;
    VEC_EACH (f, &node->flags)
        f->raw =
            span_make(lex_raw(l, f->raw.from, false) - base, lex_raw(l, f->raw.to, true) - base);
    /* a line of nothing but continuations has an empty keyword, with no last byte to end behind */
    size_t keyword = lex_raw(l, node->keyword_raw.from, false) - base;
    node->keyword_raw = span_make(keyword, node->keyword_raw.from == node->keyword_raw.to
                                               ? keyword
                                               : lex_raw(l, node->keyword_raw.to, true) - base);
    node->rest_raw.to = (uint32_t)(lex_raw(l, to, true) - base);
    node->rest_raw.from =
        empty ? node->rest_raw.to : (uint32_t)(lex_raw(l, node->rest_raw.from, false) - base);
    for (size_t i = 0; i < l->pieces.n; i++)
        l->pieces.v[i].raw -= base;
    node->pieces = l->pieces.v;
    node->piece_count = l->pieces.n;
}

static bool instruction(struct parser *p, struct str first, size_t from)
{
    unsigned start = p->lex.line;
    struct logical l = join(p, first);
    struct df_node node = {0};
    const char *message = node_read(p->arena, l.text.text, p->list->escape, &node);
    if (message)
        return fail(p, start, 1, message);
    close_gap(p, from, start - 1);
    struct df_item *item = append(p, DF_INSTRUCTION, from, from);
    map_node(&node, &l.text, from);
    item->node = node;
    item->line = start;
    item->empty_continuation = l.empty_continuation;
    item->open = l.open;
    item->comments.v = p->comments.v;
    item->comments.n = p->comments.n;
    p->comments.v = NULL;
    p->comments.n = p->comments.cap = 0;
    if (node_takes_heredocs(&node) && !heredoc_bodies(p, item, start))
        return false;
    item->ordinal = (unsigned)p->list->instructions++;
    item->end_line = p->lex.line;
    item->source.to = (uint32_t)p->lex.at;
    item->bytes = str_sub(p->lex.source, from, p->lex.at);
    p->gap_from = p->lex.at;
    p->gap_line = p->lex.line;
    return true;
}

static bool top_level_line(struct parser *p, const struct lex_line *line)
{
    struct str text = line->text;
    bool is_directive;
    if (line->from == 0 && str_starts(text, STR("\xEF\xBB\xBF")))
        text = str_from(text, 3);
    bool comment = lex_is_comment(text);
    if (!directive(p, lex_trim_left(text), &is_directive))
        return false;
    if (comment && !is_directive)
        remember_comment(p, text);
    text = lex_trim_left(text);
    if (comment || !text.n)
        return true;
    return instruction(p, text, line->from);
}

static struct str dominant_eol(struct str source)
{
    size_t lf = 0, crlf = 0;
    for (size_t i = 0; i < source.n; i++) {
        const char *hit = memchr(source.p + i, '\n', source.n - i);
        if (!hit)
            break;
        i = (size_t)(hit - source.p);
        if (i && source.p[i - 1] == '\r')
            crlf++;
        else
            lf++;
    }
    return crlf > lf ? STR("\r\n") : STR("\n");
}

static bool parse_all(struct parser *p)
{
    struct lex_line line;
    while (lex_next(&p->lex, &line))
        if (!top_level_line(p, &line))
            return false;
    if (p->list->instructions == 0)
        return fail(p, p->lex.line + p->lex.too_long, 1, "file with no instructions");
    if (p->lex.too_long)
        return fail(p, p->lex.line + 1, 1,
                    "dockerfile line greater than max allowed size of 65535");
    close_gap(p, p->lex.source.n, p->lex.line);
    return true;
}

bool df_parse(struct arena *a, struct str source, struct df_list **out, struct df_error *error)
{
    struct df_list *list = arena_new(a, struct df_list);
    struct parser p = {.arena = a, .lex = {.source = source}, .list = list, .error = error};
    list->arena = a;
    list->source = source;
    list->escape = '\\';
    list->eol = dominant_eol(source);
    if (!parse_all(&p))
        return false;
    *out = list;
    return true;
}

bool parse_fragment(struct arena *a, struct str bytes, char escape, struct df_item *out,
                    struct df_error *error)
{
    struct df_list *list = arena_new(a, struct df_list);
    struct parser p = {.arena = a, .lex = {.source = bytes}, .list = list, .error = error};
    list->arena = a;
    list->escape = escape;
    p.directives_done = true;
    if (!parse_all(&p))
        return false;
    struct df_item *item = df_first(list);
    if (list->instructions != 1 || (item->next && lex_trim(item->next->bytes).n))
        return fail(&p, 1, 1, "not exactly one instruction");
    size_t before = item->source.from;
    for (size_t i = 0; i < item->node.piece_count; i++)
        item->node.pieces[i].raw += before;
    out->node = item->node;
    out->empty_continuation = item->empty_continuation;
    out->node.keyword_raw.from += (uint32_t)before, out->node.keyword_raw.to += (uint32_t)before;
    out->node.rest_raw.from += (uint32_t)before, out->node.rest_raw.to += (uint32_t)before;
    VEC_EACH (f, &out->node.flags)
        f->raw.from += (uint32_t)before, f->raw.to += (uint32_t)before;
    return true;
}
