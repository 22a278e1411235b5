/*
 * Edits, in the style of the file: its line ends, its keyword case, its indentation, its habit of
 * putting blank lines between instructions. An edited item is parsed again from its new bytes, so
 * that passes and the stage graph always look at what will be written.
 */
#include "base/buf.h"
#include "dockerfile/lex.h"
#include "dockerfile/list.h"
#include "dockerfile/parse.h"

static void reparse(struct df_list *list, struct df_item *item)
{
    struct df_error error;
    if (!parse_fragment(list->arena, item->bytes, list->escape, item, &error))
        list->broken = error.message;
}

static void link_before(struct df_list *list, struct df_item *item, struct df_item *at)
{
    item->next = at;
    item->prev = at ? at->prev : list->last;
    if (item->prev)
        item->prev->next = item;
    else
        list->first = item;
    if (at)
        at->prev = item;
    else
        list->last = item;
}

static void unlink_item(struct df_list *list, struct df_item *item)
{
    if (item->prev)
        item->prev->next = item->next;
    else
        list->first = item->next;
    if (item->next)
        item->next->prev = item->prev;
    else
        list->last = item->prev;
}

/* ---- style ---------------------------------------------------------------------------------- */

/* BuildKit's ConsistentInstructionCasing: what most keywords are. */
bool df_prefers_lower(const struct df_list *list)
{
    size_t lower = 0, upper = 0;
    LIST_EACH (it, list) {
        if (it->kind != DF_INSTRUCTION || it->change == DF_INSERTED)
            continue;
        struct str k = it->node.keyword;
        bool has_upper = false, has_lower = false;
        for (size_t i = 0; i < k.n; i++) {
            has_upper |= k.p[i] >= 'A' && k.p[i] <= 'Z';
            has_lower |= k.p[i] >= 'a' && k.p[i] <= 'z';
        }
        lower += has_lower && !has_upper;
        upper += has_upper && !has_lower;
    }
    return lower > upper;
}

/* The blanks in front of the instruction's keyword. */
static struct str indent_of(const struct df_item *item)
{
    struct str b = item->bytes;
    size_t n = 0;
    while (n < b.n && (b.p[n] == ' ' || b.p[n] == '\t'))
        n++;
    return str_sub(b, 0, n);
}

/* `text` with the file's keyword case and line ends, indented, without a line end behind it. */
static struct str styled(struct df_list *list, struct str text, struct str indent)
{
    struct buf b = buf_in(list->arena);
    struct str line;
    buf_add(&b, indent);
    size_t word = 0;
    while (word < text.n && text.p[word] != ' ')
        word++;
    if (df_prefers_lower(list)) {
        buf_add(&b, str_lower(list->arena, str_sub(text, 0, word)));
        text = str_from(text, word);
    }
    for (bool first = true; str_split(&text, '\n', &line); first = false) {
        if (!first)
            buf_add(&b, list->eol);
        buf_add(&b, line);
    }
    return buf_str(&b);
}

static bool is_blank_line(struct str s)
{
    return !lex_trim_left(s).n;
}

/* The offset of the last line in `s` that ends at `end`. */
static size_t line_start(struct str s, size_t end)
{
    ptrdiff_t lf = end ? str_rchr(str_sub(s, 0, end - 1), '\n') : -1;
    return (size_t)(lf + 1);
}

/* How many bytes at the end of a gap are comment lines that belong to what follows. Directives and
 * the byte order mark stay where they are. */
static size_t attached(const struct df_list *list, const struct df_item *gap)
{
    struct str s = gap->bytes;
    unsigned directives = list->directives.n ? list->directives.v[list->directives.n - 1].line : 0;
    size_t end = s.n;
    unsigned line = gap->end_line;
    while (end) {
        size_t from = line_start(s, end);
        struct str text = str_sub(s, from, end);
        if (!lex_is_comment(text) || (gap->change == DF_KEPT && line <= directives))
            break;
        end = from;
        line--;
    }
    return s.n - end;
}

/* ---- insertion ------------------------------------------------------------------------------ */

static struct df_item *new_item(struct df_list *list, enum df_kind kind, struct str bytes,
                                const struct df_item *near)
{
    struct df_item *item = arena_new(list->arena, struct df_item);
    item->kind = kind;
    item->change = DF_INSERTED;
    item->bytes = bytes;
    if (near) {
        item->source = span_make(near->source.to, near->source.to);
        item->line = item->end_line = near->end_line;
        item->ordinal = near->ordinal;
    }
    return item;
}

/* The comment lines above `at` as an item of their own, so that something can go above them. */
static struct df_item *split_attached(struct df_list *list, struct df_item *at)
{
    struct df_item *gap = at->prev;
    size_t n = gap && gap->kind == DF_GAP ? attached(list, gap) : 0;
    if (!n)
        return at;
    if (n == gap->bytes.n)
        return gap;
    struct df_item *tail = arena_new(list->arena, struct df_item);
    *tail = *gap;
    tail->bytes = str_from(gap->bytes, gap->bytes.n - n);
    tail->source.from = gap->source.to - (uint32_t)n;
    gap->source.to = tail->source.from;
    gap->bytes.n -= n;
    for (size_t i = 0; i < tail->bytes.n; i++)
        gap->end_line -= tail->bytes.p[i] == '\n';
    tail->line = gap->end_line + 1;
    link_before(list, tail, at);
    return tail;
}

static bool ends_with_blank_line(const struct df_item *item)
{
    if (!item || item->kind != DF_GAP)
        return false;
    return is_blank_line(str_from(item->bytes, line_start(item->bytes, item->bytes.n)));
}

static bool ends_line(const struct df_item *item)
{
    return !item || str_ends(item->bytes, STR("\n"));
}

static struct str comment_line(struct df_list *list, struct str comment, struct str indent)
{
    return str_fmt(list->arena, "%.*s# %.*s%.*s", STR_ARG(indent), STR_ARG(comment),
                   STR_ARG(list->eol));
}

/* The nearest instruction in front, for the place of an inserted item. */
static const struct df_item *nearest(const struct df_list *list, const struct df_item *at)
{
    const struct df_item *it = at ? at->prev : list->last;
    while (it && it->kind != DF_INSTRUCTION)
        it = it->prev;
    return it;
}

static struct df_item *insert(struct df_list *list, struct df_item *at, struct str comment,
                              struct str text, struct str indent)
{
    const struct df_item *near = nearest(list, at);
    struct str body = styled(list, text, indent);
    struct df_item *before = at ? at->prev : list->last;
    if (!ends_line(before)) { /* behind a last line without a line end: keep it so */
        if (comment.n)
            body = str_cat(list->arena, comment_line(list, comment, indent), body);
        body = str_cat(list->arena, list->eol, body);
    } else {
        if (comment.n)
            link_before(list, new_item(list, DF_GAP, comment_line(list, comment, indent), near),
                        at);
        body = str_cat(list->arena, body, list->eol);
    }
    struct df_item *item = new_item(list, DF_INSTRUCTION, body, near);
    reparse(list, item);
    link_before(list, item, at);
    return item;
}

struct df_item *df_insert_before(struct df_list *list, struct df_item *at, struct str comment,
                                 struct str text)
{
    if (!at)
        return insert(list, NULL, comment, text, STR(""));
    struct str indent = indent_of(at);
    at = split_attached(list, at);
    bool spaced = ends_with_blank_line(at->prev);
    struct df_item *item = insert(list, at, comment, text, indent);
    if (spaced)
        link_before(list, new_item(list, DF_GAP, list->eol, item), at);
    return item;
}

struct df_item *df_insert_tight(struct df_list *list, struct df_item *at, struct str comment,
                                struct str text)
{
    if (!at)
        return insert(list, NULL, comment, text, STR(""));
    return insert(list, split_attached(list, at), comment, text, indent_of(at));
}

struct df_item *df_insert_after(struct df_list *list, struct df_item *at, struct str comment,
                                struct str text)
{
    bool spaced = ends_with_blank_line(at->prev) && ends_line(at);
    if (spaced) {
        struct df_item *blank = new_item(list, DF_GAP, list->eol, at);
        link_before(list, blank, at->next);
        return insert(list, blank->next, comment, text, indent_of(at));
    }
    return insert(list, at->next, comment, text, indent_of(at));
}

void df_comment_before(struct df_list *list, struct df_item *at, struct str comment)
{
    struct str line = comment_line(list, comment, indent_of(at));
    link_before(list, new_item(list, DF_GAP, line, nearest(list, at)), at);
}

void df_remove(struct df_list *list, struct df_item *item)
{
    unlink_item(list, item);
}

/* So that something can stand behind it. */
static void end_line(struct df_list *list, struct df_item *item)
{
    if (ends_line(item))
        return;
    item->bytes = str_cat(list->arena, item->bytes, list->eol);
    if (item->change == DF_KEPT)
        item->change = DF_EDITED;
}

/* Of the blank lines around what is gone one is left. */
static void close_gap(struct df_list *list, struct df_item *before, struct df_item *after)
{
    struct str line, rest;
    if (!after || after->kind != DF_GAP || !ends_with_blank_line(before))
        return;
    rest = after->bytes;
    if (!str_split(&rest, '\n', &line) || lex_trim_left(line).n || after->bytes.n <= line.n)
        return;
    after->bytes = str_from(after->bytes, line.n + 1);
    if (after->change == DF_KEPT)
        after->change = DF_EDITED;
    if (!after->bytes.n)
        unlink_item(list, after);
}

struct str df_remove_whole(struct df_list *list, struct df_item *item)
{
    struct df_item *first = split_attached(list, item), *before = first->prev, *after = item->next;
    struct str comment = first == item ? STR("") : first->bytes;
    if (first != item)
        unlink_item(list, first);
    unlink_item(list, item);
    close_gap(list, before, after);
    return comment;
}

void df_blank_before(struct df_list *list, struct df_item *at)
{
    if (at)
        at = split_attached(list, at);
    struct df_item *before = at ? at->prev : list->last;
    if (!before || ends_with_blank_line(before))
        return;
    end_line(list, before);
    link_before(list, new_item(list, DF_GAP, list->eol, nearest(list, at)), at);
}

void df_move_before(struct df_list *list, struct df_item *item, struct df_item *at)
{
    struct df_item *from = split_attached(list, item);
    if (at)
        at = split_attached(list, at);
    if (at == from || at == item)
        return;
    end_line(list, item);
    if (!at)
        end_line(list, list->last);
    if (from != item) {
        unlink_item(list, from);
        link_before(list, from, at);
    }
    unlink_item(list, item);
    link_before(list, item, at);
}

/* ---- changes inside an instruction ---------------------------------------------------------- */

void df_splice(struct df_list *list, struct df_item *item, struct span at, struct str with)
{
    struct buf b = buf_in(list->arena);
    buf_add(&b, str_sub(item->bytes, 0, at.from));
    buf_add(&b, with);
    buf_add(&b, str_from(item->bytes, at.to));
    item->bytes = buf_str(&b);
    if (item->change == DF_KEPT)
        item->change = DF_EDITED;
    reparse(list, item);
}

static struct df_flag *find_flag(struct df_item *item, const char *name)
{
    struct str want = str_of(name);
    VEC_EACH (f, &item->node.flags) {
        struct str rest = str_from(f->text, 2);
        if (str_starts(rest, want) && (rest.n == want.n || rest.p[want.n] == '='))
            return f;
    }
    return NULL;
}

void df_flag_set(struct df_list *list, struct df_item *item, const char *name, struct str value)
{
    struct df_flag *old = find_flag(item, name);
    struct str flag = str_fmt(list->arena, "--%s=%.*s", name, STR_ARG(value));
    if (old) {
        df_splice(list, item, old->raw, flag);
        return;
    }
    size_t n = item->node.flags.n;
    size_t at = n ? item->node.flags.v[n - 1].raw.to : item->node.keyword_raw.to;
    df_splice(list, item, span_make(at, at), str_cat(list->arena, STR(" "), flag));
}

void df_flag_remove(struct df_list *list, struct df_item *item, const char *name)
{
    struct df_flag *old = find_flag(item, name);
    if (!old)
        return;
    struct span at = old->raw;
    while (at.from && str_is_blank(item->bytes.p[at.from - 1]) &&
           item->bytes.p[at.from - 1] != '\n')
        at.from--;
    df_splice(list, item, at, STR(""));
}

void df_args_set(struct df_list *list, struct df_item *item, struct str text)
{
    struct span at = item->node.rest_raw;
    if (at.from == at.to)
        text = str_cat(list->arena, STR(" "), text);
    df_splice(list, item, at, text);
}
