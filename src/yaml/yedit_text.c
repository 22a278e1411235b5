/*
 * Changes → edits. What is put into a block collection becomes whole lines behind its last one; in
 * a flow collection it stands behind the last element. Where lines of several collections go to one
 * place, those that are indented further come first.
 *
 * A node that an anchor shares is written to once for all places that want the same of it. What a
 * mapping gets by a merge key from one that is changed alike is not written again.
 */
#include "yaml/yedit_text.h"

#include <stdlib.h>

/* ---- pieces of text ------------------------------------------------------------------------- */

void ytext_add(struct ytext *t, size_t from, size_t to, size_t depth, struct str with)
{
    *vec_push(t->edit->arena, &t->pieces) =
        (struct ypiece){{span_make(from, to), with}, depth, t->pieces.n};
}

bool ytext_refuse(struct ytext *t, const struct ytree_node *n, const char *why)
{
    return yedit_refuse(t->edit, n->line, why);
}

/* Behind the line end, or the end of the source. */
size_t ytext_line_end(const struct ytext *t, size_t at)
{
    ptrdiff_t lf = str_chr(str_from(t->edit->source, at), '\n');
    return lf < 0 ? t->edit->source.n : at + (size_t)lf + 1;
}

static size_t line_begin(const struct ytext *t, size_t at)
{
    return (size_t)(str_rchr(str_sub(t->edit->source, 0, at), '\n') + 1);
}

/* The first byte of the line that is no blank. */
size_t ytext_line_text(const struct ytext *t, size_t at)
{
    struct str s = t->edit->source;
    at = line_begin(t, at);
    while (at < s.n && s.p[at] == ' ')
        at++;
    return at;
}

/* ---- lines behind a block collection -------------------------------------------------------- */

static const struct ytree_node *last_scalar(const struct ytree_node *n)
{
    while (n->first) {
        n = n->first;
        while (n->next)
            n = n->next;
    }
    return n;
}

static bool is_text_block(const struct ytree_node *n)
{
    return n->style == YTREE_LITERAL || n->style == YTREE_FOLDED;
}

/* Is the sign in the first line of a | or >? */
static bool block_says(const struct ytext *t, const struct ytree_node *n, char sign)
{
    size_t end = ytext_line_end(t, n->span.from);
    struct str head = str_sub(t->edit->source, n->span.from, end), word;
    return is_text_block(n) && str_split(&head, '#', &word) && str_chr(word, sign) >= 0;
}

/* With a '+' the blank lines behind it belong to it. */
static bool keeps_blank_lines(const struct ytext *t, const struct ytree_node *n)
{
    return block_says(t, n, '+');
}

/* It ends without a line end, which it would get from a line behind it. */
static bool is_cut_off(const struct ytext *t, const struct ytree_node *n)
{
    struct str s = t->edit->source;
    return is_text_block(n) && n->span.to == s.n && !str_ends(s, STR("\n")) &&
           !block_says(t, n, '-');
}

static bool is_blank_line(struct str line)
{
    return !str_trim(line).n;
}

/* Comments right below that are indented as the collection is belong to it. */
static size_t skip_comments(const struct ytext *t, size_t at, size_t indent)
{
    struct str s = t->edit->source;
    while (indent && at < s.n) {
        size_t text = ytext_line_text(t, at);
        if (text - at < indent || text >= s.n || s.p[text] != '#')
            break;
        at = ytext_line_end(t, at);
    }
    return at;
}

size_t ytext_behind(const struct ytext *t, const struct ytree_node *n, size_t indent)
{
    struct str s = t->edit->source;
    const struct ytree_node *last = last_scalar(n);
    size_t at = last->span.to;
    if (n->span.to > at)
        at = n->span.to;
    if (!(is_text_block(last) && at && s.p[at - 1] == '\n'))
        at = ytext_line_end(t, at);
    while (keeps_blank_lines(t, last) && at < s.n &&
           is_blank_line(str_sub(s, at, ytext_line_end(t, at))))
        at = ytext_line_end(t, at);
    return skip_comments(t, at, indent);
}

/* Lines at a place where one begins; at the end of a last line without its end they bring it along
 * and leave out their own. */
void ytext_add_lines(struct ytext *t, size_t at, size_t depth, struct str lines)
{
    struct str s = t->edit->source;
    if (at == s.n && at && s.p[at - 1] != '\n')
        lines = str_cat(t->edit->arena, t->style.end, str_sub(lines, 0, lines.n - t->style.end.n));
    ytext_add(t, at, at, depth, lines);
}

/* A sequence whose dashes stand below its key is in the mapping, though not further in. */
static size_t depth_of(enum ytree_kind kind, size_t indent)
{
    return indent * 2 + (kind == YTREE_SEQUENCE);
}

static bool put_in_block(struct ytext *t, const struct ytree_node *n, const struct yvalue *v)
{
    struct buf b = buf_in(t->edit->arena);
    size_t indent = n->col - 1;
    if (is_cut_off(t, last_scalar(n)))
        return ytext_refuse(t, last_scalar(n),
                            "a text at the end of the file would get a line end");
    struct ystyle near = ystyle_near(&t->style, n);
    if (n->kind == YTREE_MAPPING)
        ystyle_block_pair(&b, &near, indent, v);
    else
        ystyle_block_element(&b, &near, indent, v);
    ytext_add_lines(t, ytext_behind(t, n, indent), depth_of(n->kind, indent), buf_str(&b));
    return true;
}

/* ---- flow collections ----------------------------------------------------------------------- */

/* The rest of a line behind a value: nothing but a comment? Then what comes next begins below. */
static bool comment_follows(const struct ytext *t, size_t at)
{
    struct str s = t->edit->source;
    while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t' || s.p[at] == ','))
        at++;
    return at < s.n && s.p[at] == '#';
}

static struct str flow_item(struct ytext *t, const struct yflow *f, const struct ytree_node *n,
                            const struct yvalue *v)
{
    struct buf b = buf_in(t->edit->arena);
    if (n->kind == YTREE_MAPPING)
        yflow_pair(&b, f, v);
    else
        yflow_value(&b, f, v);
    return buf_str(&b);
}

static size_t end_of_last(const struct ytree_node *n)
{
    const struct ytree_node *last = n->first;
    while (last->next)
        last = last->next;
    return last->span.to;
}

/* Behind the last element and the comma that may follow it; `*comma`: it does. */
static size_t behind_last(const struct ytext *t, const struct ytree_node *n, bool *comma)
{
    struct str s = t->edit->source;
    size_t last = end_of_last(n), at = last;
    while (at < n->span.to && (str_is_blank(s.p[at]) || s.p[at] == '#'))
        at = s.p[at] == '#' ? ytext_line_end(t, at) : at + 1;
    *comma = at < n->span.to && s.p[at] == ',';
    return *comma ? at + 1 : last;
}

/* All new elements, each with a comma before it, or behind it where the author has one there. */
static void put_behind(struct ytext *t, const struct ytree_node *n, const struct yputs *puts)
{
    struct arena *a = t->edit->arena;
    struct yflow f = yflow_of(&t->style, t->edit->source, n);
    struct buf b = buf_in(a);
    bool comma;
    size_t at = behind_last(t, n, &comma), line = ytext_line_end(t, at);
    bool below = f.lines && comment_follows(t, at);
    struct str gap = f.lines ? str_cat(a, f.end, f.prefix) : f.tight ? STR("") : STR(" ");
    for (size_t i = 0; i < puts->n; i++) {
        if (!comma && !(below && !i))
            buf_addc(&b, ',');
        buf_add(&b, below && !i ? f.prefix : gap);
        buf_add(&b, flow_item(t, &f, n, puts->v[i]));
        if (comma)
            buf_addc(&b, ',');
    }
    if (below)
        buf_add(&b, f.end);
    if (below && !comma)
        ytext_add(t, at, at, 0, STR(","));
    ytext_add(t, below ? line : at, below ? line : at, f.lines ? 0 : n->height, buf_str(&b));
}

/* A new first element: `{}` becomes a collection in the style of those around it. */
static void fill_flow(struct ytext *t, const struct ytree_node *n, const struct yvalue *all)
{
    struct buf b = buf_in(t->edit->arena);
    struct yflow f = yflow_of(&t->style, t->edit->source, n);
    f.prefix.n -= f.step.n;
    yflow_value(&b, &f, all);
    ytext_add(t, n->span.from, n->span.to, 0, buf_str(&b));
}

/* ---- what was empty ------------------------------------------------------------------------- */

/* Inside of flow collections everything is flow. */
static bool in_flow(const struct ytree_node *n)
{
    for (n = n->parent; n; n = n->parent)
        if (n->style == YTREE_FLOW)
            return true;
    return false;
}

/* A value in a block mapping, behind its key in the same line. */
static bool behind_key(const struct ytree_node *n)
{
    return n->key && n->parent->style == YTREE_BLOCK && n->key->kind == YTREE_SCALAR &&
           n->line == n->key->line && n->key->col == n->parent->col;
}

/* Takes away what stands behind the "key:" and puts lines below. */
static void unfold(struct ytext *t, const struct ytree_node *n, const struct yvalue *all)
{
    struct buf b = buf_in(t->edit->arena);
    struct str s = t->edit->source;
    struct ystyle near = ystyle_near(&t->style, n->parent);
    size_t from = n->span.from, indent = n->parent->col - 1;
    while (from > n->key->span.to && (s.p[from - 1] == ' ' || s.p[from - 1] == '\t'))
        from--;
    indent += all->kind == YVALUE_MAP ? near.step : near.list;
    ystyle_block_children(&b, &near, indent, all);
    if (n->span.to > from)
        ytext_add(t, from, n->span.to, 0, STR(""));
    ytext_add_lines(t, ytext_line_end(t, n->span.to),
                    depth_of(all->kind == YVALUE_MAP ? YTREE_MAPPING : YTREE_SEQUENCE, indent),
                    buf_str(&b));
}

/* What is left out stands right behind a ':'. */
bool ytext_needs_blank(const struct ytext *t, const struct ytree_node *n)
{
    struct str s = t->edit->source;
    return n->span.to == n->span.from && n->span.from && s.p[n->span.from - 1] != ' ';
}

bool ytext_fill(struct ytext *t, const struct ytree_node *n, const struct yvalue *all)
{
    bool null = n->kind == YTREE_SCALAR;
    if (in_flow(n)) {
        struct buf b = buf_in(t->edit->arena);
        if (!null) {
            fill_flow(t, n, all);
            return true;
        }
        struct yflow f = yflow_of(&t->style, t->edit->source, n->parent);
        buf_addz(&b, ytext_needs_blank(t, n) ? " " : "");
        yflow_value(&b, &f, all);
        ytext_add(t, n->span.from, n->span.to, SIZE_MAX, buf_str(&b));
        return true;
    }
    if (behind_key(n) && !n->anchor.n && !n->tag.n) {
        unfold(t, n, all);
        return true;
    }
    if (null)
        return ytext_refuse(t, n, "a value cannot be written here without moving others");
    fill_flow(t, n, all);
    return true;
}

/* ---- places --------------------------------------------------------------------------------- */

static struct yvalue *all_puts(struct ytext *t, const struct yplace *p)
{
    struct yvalue *all =
        p->node->kind == YTREE_MAPPING ? yvalue_map(t->edit->arena) : yvalue_list(t->edit->arena);
    VEC_EACH (v, &p->puts) {
        struct yvalue *copy = arena_new(t->edit->arena, struct yvalue);
        *copy = **v;
        copy->next = NULL;
        yvalue_add(all, copy);
    }
    return all;
}

static bool has_repeated(const struct ytree_node *n)
{
    YTREE_EACH (it, n)
        if (it->repeated)
            return true;
    return false;
}

static bool write_puts(struct ytext *t, struct yplace *p)
{
    const struct ytree_node *n = p->node;
    if (has_repeated(n))
        return ytext_refuse(t, n, "a key is given twice in the mapping that needs a change");
    struct yputs puts = {0};
    if (!yshare_puts(t, p, &puts))
        return false;
    if (!puts.n)
        return true;
    if (!n->n) {
        if (puts.n != p->puts.n)
            return yedit_refuse_shared(t->edit, n->line,
                                       "places that share this by an anchor need different values");
        return ytext_fill(t, n, all_puts(t, p));
    }
    if (n->style == YTREE_FLOW)
        put_behind(t, n, &puts);
    for (size_t i = 0; n->style != YTREE_FLOW && i < puts.n; i++)
        if (!put_in_block(t, n, puts.v[i]))
            return false;
    return true;
}

static int compare(const void *x, const void *y)
{
    const struct ypiece *a = x, *b = y;
    if (a->edit.old.from != b->edit.old.from)
        return a->edit.old.from < b->edit.old.from ? -1 : 1;
    bool a_in = a->edit.old.to == a->edit.old.from, b_in = b->edit.old.to == b->edit.old.from;
    if (a_in != b_in)
        return a_in ? -1 : 1;
    if (a->depth != b->depth)
        return a->depth > b->depth ? -1 : 1;
    return a->order < b->order ? -1 : 1;
}

/* Neighbours that are both removed, with the comma between them. */
static bool join(struct patch_edit *last, const struct patch_edit *next)
{
    if (last->with.n || next->with.n)
        return false;
    if (next->old.to > last->old.to)
        last->old.to = next->old.to;
    return true;
}

static bool sort(struct ytext *t)
{
    struct yedit *e = t->edit;
    if (t->pieces.n)
        qsort(t->pieces.v, t->pieces.n, sizeof *t->pieces.v, compare);
    VEC_EACH (p, &t->pieces) {
        struct patch_edit *last = e->edits.n ? &e->edits.v[e->edits.n - 1] : NULL;
        if (!last || p->edit.old.from >= last->old.to)
            *vec_push(e->arena, &e->edits) = p->edit;
        else if (!join(last, &p->edit))
            return yedit_refuse(e, 1, "two changes meet in one place");
    }
    return true;
}

/* Somebody gave a key twice on the way to a place: which of them counts, readers disagree on. */
static bool way_is_clear(struct ytext *t, const struct yplace *p)
{
    for (; p; p = p->up)
        if (p->written && p->written->repeated)
            return ytext_refuse(t, p->written, "a key on the way to a change is given twice");
    return true;
}

bool yedit_write(struct yedit *e)
{
    struct ytext t = {.edit = e};
    t.style = ystyle_of(e->arena, e->source, e->root->node);
    for (struct yplace *p = e->changed; p; p = p->next_changed) {
        bool ok = p->change == YPLACE_KEPT ? !p->puts.n || write_puts(&t, p) : ytext_replace(&t, p);
        if (!ok || !way_is_clear(&t, p))
            return false;
    }
    return sort(&t);
}
