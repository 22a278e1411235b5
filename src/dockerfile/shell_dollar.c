/*
 * Expansions: what a shell replaces at run time. They are walked over, for the commands inside them
 * and for where they end; their text is kept as written by whoever reads the word.
 *
 * Backticks are the one place where the text is not read where it stands: a backslash in front of
 * $ ` \ is removed first, and only then is it a script. So it is copied, with a map back to the
 * offsets of the script, and read as a text of its own.
 */
#include "dockerfile/shell_reader.h"

/* $'…', which only some shells know: kept as written. */
static void skip_ansi(struct shell_reader *r)
{
    for (r->pos += 2; !shell_at_end(r); r->pos++) {
        char c = shell_peek(r, 0);
        if (c == '\'') {
            r->pos++;
            return;
        }
        if (c == '\\')
            r->pos++;
    }
    shell_fail(r);
}

size_t shell_arithmetic_end(struct shell_reader *r, size_t at)
{
    size_t depth = 2, i = at + 2, stop = r->end;
    if (stop - at > r->lookahead)
        stop = at + r->lookahead;
    char quote = 0;
    for (; i < stop; i++) {
        char c = r->text.p[i];
        if (c == '\\' && quote != '\'')
            i++;
        else if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '\'' || c == '"')
            quote = c;
        else if (c == '(')
            depth++;
        else if (c == ')' && depth > 2)
            depth--;
        else if (c == ')')
            break;
    }
    r->lookahead -= (i < stop ? i : stop) - at;
    bool closed = i + 1 < r->end && r->text.p[i] == ')' && r->text.p[i + 1] == ')' && i < stop;
    return closed ? i + 2 : 0;
}

void shell_read_arithmetic(struct shell_reader *r, size_t end)
{
    if (!shell_enter(r))
        return;
    shell_read_expansions(r, r->pos, end);
    if (!r->failed)
        r->pos = end;
    shell_leave(r);
}

/* ( commands ) behind a $, < or >. */
static void read_parenthesis(struct shell_reader *r)
{
    if (!shell_enter(r))
        return;
    r->pos++;
    shell_read_inner(r);
    if (shell_peek(r, 0) == ')')
        r->pos++;
    else
        shell_fail(r);
    shell_leave(r);
}

static void read_substitution(struct shell_reader *r)
{
    if (shell_peek(r, 1) == '(') {
        size_t end = shell_arithmetic_end(r, r->pos);
        if (end) {
            shell_read_arithmetic(r, end);
            return;
        }
    }
    read_parenthesis(r);
}

/* Inside of "" a ' is a quote only behind # % / ^ and the like, not behind - = ? +. */
static bool single_quotes_count(const struct shell_reader *r, bool in_double)
{
    size_t i = 2;
    char c = shell_peek(r, i);
    if (!in_double)
        return true;
    if ((c == '#' || c == '!') && shell_peek(r, 3) != '}')
        i++;
    if (shell_is_name(shell_peek(r, i)))
        while (shell_is_name(shell_peek(r, i)))
            i++;
    else
        i++;
    if (shell_peek(r, i) == ':')
        i++;
    c = shell_peek(r, i);
    return !(c == '-' || c == '=' || c == '?' || c == '+');
}

/* One byte, quote or expansion inside of ${ }. */
void shell_skip_part(struct shell_reader *r, bool in_double, bool quotes)
{
    char c = shell_peek(r, 0);
    if (c == '\\')
        r->pos += 2;
    else if (c == '\'' && quotes)
        shell_skip_single(r);
    else if (c == '"')
        shell_skip_double(r);
    else if (c == '$')
        shell_read_dollar(r, in_double);
    else if (c == '`')
        shell_read_backtick(r, in_double);
    else
        r->pos++;
}

/* ${…}. Commands in it run only if the variable says so. */
static void read_parameter(struct shell_reader *r, bool in_double)
{
    if (!shell_enter(r))
        return;
    bool quotes = single_quotes_count(r, in_double), conditional = r->in.conditional,
         optional = r->in.optional;
    r->in.conditional = r->in.optional = true;
    r->pos += 2;
    if (shell_peek(r, 0) == '#')
        r->pos++;
    while (!shell_at_end(r) && shell_peek(r, 0) != '}')
        shell_skip_part(r, in_double, quotes);
    if (shell_at_end(r))
        shell_fail(r);
    else
        r->pos++;
    r->in.conditional = conditional;
    r->in.optional = optional;
    shell_leave(r);
}

static void read_variable(struct shell_reader *r)
{
    r->pos++;
    if (!shell_is_name_start(shell_peek(r, 0))) {
        r->pos++;
        return;
    }
    while (shell_is_name(shell_peek(r, 0)))
        r->pos++;
}

bool shell_read_dollar(struct shell_reader *r, bool in_double)
{
    char c = shell_peek(r, 1);
    if (c == '(') {
        r->pos++;
        read_substitution(r);
    } else if (c == '{') {
        read_parameter(r, in_double);
    } else if (c == '\'' && !in_double) {
        skip_ansi(r);
    } else if (c == '"' && !in_double) {
        r->pos++;
        shell_skip_double(r);
    } else if (shell_is_name(c) || (c && strchr("@*#?-$!", c))) {
        read_variable(r);
    } else {
        r->pos++;
        return c == '['; /* $[1+1] of old: what is in it is read as if it were plain */
    }
    return true;
}

/* The inside of backticks, [from, to), without the backslashes that only protect it. */
static void unescape(struct shell_reader *r, size_t from, size_t to, bool in_double)
{
    char *text = arena_bytes(r->arena, to - from + 1);
    uint32_t *map = arena_alloc(r->arena, (to - from + 1) * sizeof *map);
    size_t n = 0;
    for (size_t i = from; i < to; i++) {
        char c = i + 1 < to && r->text.p[i] == '\\' ? r->text.p[i + 1] : 0;
        map[n] = (uint32_t)shell_place(r, i);
        if (c == '$' || c == '`' || c == '\\' || (c == '"' && in_double))
            i++;
        text[n++] = r->text.p[i];
    }
    map[n] = (uint32_t)shell_place(r, to);
    r->text = str_make(text, n);
    r->map = map;
    r->pos = 0;
    r->end = n;
}

/* What changes while another text, or a part of this one, is read as if it were all. */
struct frame {
    struct str text;
    const uint32_t *map;
    size_t end, pending_from;
};

static struct frame frame_open(struct shell_reader *r)
{
    struct frame f = {r->text, r->map, r->end, r->pending_from};
    r->pending_from = r->pending.n;
    return f;
}

static void frame_close(struct shell_reader *r, struct frame f, size_t pos)
{
    if (r->pending.n > r->pending_from)
        shell_fail(r); /* a heredoc without its body */
    r->pending.n = r->pending_from;
    r->pending_from = f.pending_from;
    r->text = f.text;
    r->map = f.map;
    r->end = f.end;
    r->pos = r->failed ? r->end : pos;
}

void shell_read_backtick(struct shell_reader *r, bool in_double)
{
    size_t from = r->pos, to = from + 1;
    while (to < r->end && r->text.p[to] != '`')
        to += r->text.p[to] == '\\' ? 2 : 1;
    if (to >= r->end) {
        shell_fail(r);
        return;
    }
    if (!shell_enter(r))
        return;
    struct frame f = frame_open(r);
    unescape(r, from + 1, to, in_double);
    shell_read_inner(r);
    if (!shell_at_end(r))
        shell_fail(r);
    frame_close(r, f, to + 1);
    shell_leave(r);
}

void shell_read_expansions(struct shell_reader *r, size_t from, size_t to)
{
    size_t back = r->pos;
    struct frame f = frame_open(r);
    r->pos = from;
    r->end = to;
    while (!shell_at_end(r)) {
        char c = shell_peek(r, 0);
        if (c == '$')
            shell_read_dollar(r, true);
        else if (c == '`')
            shell_read_backtick(r, false);
        else
            r->pos += c == '\\' ? 2 : 1;
    }
    frame_close(r, f, back);
}

void shell_read_process(struct shell_reader *r)
{
    size_t first = r->script->commands.n, node = r->script->nodes.n;
    r->pos++;
    read_parenthesis(r);
    shell_mark_background(r, first);
    if (node < r->script->nodes.n)
        shell_node_at(r, node)->background = true;
}
