/*
 * Words. The reader walks over a word once and decides at each byte whether it is quoted, escaped,
 * expanded or plain. As long as nothing had to be removed the value is a slice of the text; the
 * first quote or backslash makes a copy. Expansions are kept as written.
 */
#include "base/buf.h"
#include "dockerfile/shell_reader.h"

/* A word being read. NULL stands for one that nobody wants. */
struct builder {
    size_t from;
    bool copied; /* `buf` has the value so far, else it is the text itself */
    struct buf buf;
    bool literal, quoted;
    bool bracket;   /* a [ is open */
    unsigned brace; /* 1: a { is open, 2: and something makes it a list */
};

bool shell_is_meta(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == ';' || c == '&' || c == '|' || c == '(' ||
           c == ')' || c == '<' || c == '>';
}

bool shell_at_word_end(const struct shell_reader *r, size_t ahead)
{
    return r->pos + ahead >= r->end || shell_is_meta(r->text.p[r->pos + ahead]);
}

/* From here on the value differs from the text. */
static void copy(struct shell_reader *r, struct builder *b)
{
    if (!b || b->copied)
        return;
    b->copied = true;
    b->buf = buf_in(r->arena);
    buf_add(&b->buf, str_sub(r->text, b->from, r->pos));
}

/* Takes `n` bytes of the text into the value. */
static void take(struct shell_reader *r, struct builder *b, size_t n)
{
    if (b && b->copied)
        buf_add(&b->buf, str_sub(r->text, r->pos, r->pos + n));
    r->pos += n;
}

/* What lies between `from` and here is expanded at run time. */
static void keep(struct shell_reader *r, struct builder *b, size_t from)
{
    if (!b)
        return;
    b->literal = false;
    if (b->copied)
        buf_add(&b->buf, str_sub(r->text, from, r->pos));
}

/* An expansion at the reader's place. */
static void read_expansion(struct shell_reader *r, struct builder *b, bool in_double)
{
    size_t from = r->pos;
    char c = shell_peek(r, 0), next = shell_peek(r, 1);
    if (c == '`') {
        shell_read_backtick(r, in_double);
    } else if (!shell_read_dollar(r, in_double)) {
        r->pos = from;
        take(r, b, 1); /* a dollar sign that means nothing */
        return;
    }
    if (b && !in_double && c == '$' && (next == '\'' || next == '"'))
        b->quoted = true;
    keep(r, b, from);
}

static void read_single(struct shell_reader *r, struct builder *b)
{
    ptrdiff_t close = str_chr(str_sub(r->text, r->pos + 1, r->end), '\'');
    if (close < 0) {
        shell_fail(r);
        return;
    }
    copy(r, b);
    if (b)
        b->quoted = true;
    r->pos++;
    take(r, b, (size_t)close);
    r->pos++;
}

/* A backslash inside of "". */
static void read_double_escape(struct shell_reader *r, struct builder *b)
{
    char c = shell_peek(r, 1);
    if (c == '\n') {
        r->pos += 2;
    } else if (c == '$' || c == '`' || c == '"' || c == '\\') {
        r->pos++;
        take(r, b, 1);
    } else {
        take(r, b, 1);
    }
}

static void read_double(struct shell_reader *r, struct builder *b)
{
    copy(r, b);
    if (b)
        b->quoted = true;
    r->pos++;
    while (!shell_at_end(r)) {
        char c = shell_peek(r, 0);
        if (c == '"') {
            r->pos++;
            return;
        }
        if (c == '\\')
            read_double_escape(r, b);
        else if (c == '$' || c == '`')
            read_expansion(r, b, true);
        else
            take(r, b, 1);
    }
    shell_fail(r);
}

void shell_skip_single(struct shell_reader *r)
{
    read_single(r, NULL);
}

void shell_skip_double(struct shell_reader *r)
{
    read_double(r, NULL);
}

/* A backslash outside of quotes. */
static void read_escape(struct shell_reader *r, struct builder *b)
{
    if (r->pos + 1 >= r->end) {
        take(r, b, 1); /* the last byte of all: it stays */
        return;
    }
    copy(r, b);
    r->pos++;
    if (shell_peek(r, 0) == '\n')
        r->pos++;
    else
        take(r, b, 1);
}

/* Reads the ( ) of a pattern like @(a|b). */
static void read_group(struct shell_reader *r, struct builder *b)
{
    size_t from = r->pos, depth = 0;
    bool closed = false;
    while (!shell_at_end(r) && !closed) {
        char c = shell_peek(r, 0);
        depth += c == '(';
        depth -= c == ')';
        closed = depth == 0;
        shell_skip_part(r, false, true);
    }
    if (!closed)
        shell_fail(r);
    keep(r, b, from);
}

/* Reads the ( ) of an array. */
static void read_array(struct shell_reader *r, struct builder *b)
{
    size_t from = r->pos;
    if (!shell_enter(r))
        return;
    r->pos++;
    for (;;) {
        shell_skip_lines(r);
        size_t at = r->pos;
        if (shell_peek(r, 0) == ')')
            break;
        shell_read_word(r, SHELL_WORD_PLAIN);
        if (r->pos == at) {
            shell_fail(r);
            break;
        }
    }
    r->pos += !r->failed;
    shell_leave(r);
    keep(r, b, from);
}

/* A parenthesis, angle bracket or other operator. False when the word ends before it. */
static bool read_operator(struct shell_reader *r, struct builder *b, enum shell_word_mode mode)
{
    char c = shell_peek(r, 0), last = r->pos > 0 ? r->text.p[r->pos - 1] : 0;
    size_t from = r->pos;
    if ((c == '<' || c == '>') && shell_peek(r, 1) == '(') {
        shell_read_process(r);
        keep(r, b, from);
    } else if (mode == SHELL_WORD_REGEX && c != ' ' && c != '\t' && c != '\n')
        take(r, b, 1);
    else if (c == '(' && r->pos > b->from && last && strchr("?*+@!", last))
        read_group(r, b);
    else if (c == '(' && last == '=')
        read_array(r, b);
    else
        return false;
    return true;
}

/* A byte outside of quotes: some have a meaning although they stay. */
static void read_plain(struct shell_reader *r, struct builder *b)
{
    char c = shell_peek(r, 0), last = r->pos > 0 ? r->text.p[r->pos - 1] : 0;
    if (c == '[')
        b->bracket = true;
    else if (c == '{' && !b->brace)
        b->brace = 1;
    else if (b->brace == 1 && (c == ',' || (c == '.' && last == '.')))
        b->brace = 2;
    if (c == '*' || c == '?' || (c == ']' && b->bracket) || (c == '}' && b->brace == 2) ||
        (c == '~' && (r->pos == b->from || (r->pos > b->from + 1 && (last == '=' || last == ':')))))
        b->literal = false;
    take(r, b, 1);
}

struct shell_word shell_read_word(struct shell_reader *r, enum shell_word_mode mode)
{
    struct builder b = {.from = r->pos, .literal = true};
    while (!shell_at_end(r)) {
        char c = shell_peek(r, 0);
        if (shell_is_meta(c)) {
            if (!read_operator(r, &b, mode))
                break;
        } else if (c == '\\') {
            read_escape(r, &b);
        } else if (c == '\'') {
            read_single(r, &b);
        } else if (c == '"') {
            read_double(r, &b);
        } else if (c == '$' || c == '`') {
            read_expansion(r, &b, false);
        } else {
            read_plain(r, &b);
        }
    }
    return (struct shell_word){
        .raw = shell_span(r, b.from, r->pos),
        .value = b.copied ? buf_str(&b.buf) : str_sub(r->text, b.from, r->pos),
        .literal = b.literal,
        .quoted = b.quoted,
    };
}

/* The number of bytes of NAME=, NAME+= or NAME[…]= at the reader's place; 0 for anything else. */
static size_t assign_length(const struct shell_reader *r, size_t *name)
{
    size_t i = 0;
    if (!shell_is_name_start(shell_peek(r, 0)))
        return 0;
    while (shell_is_name(shell_peek(r, i)))
        i++;
    *name = i;
    if (shell_peek(r, i) == '[') {
        while (!shell_at_word_end(r, i) && shell_peek(r, i) != ']')
            i++;
        i += shell_peek(r, i) == ']';
    }
    i += shell_peek(r, i) == '+';
    return shell_peek(r, i) == '=' ? i + 1 : 0;
}

bool shell_read_assign(struct shell_reader *r, struct shell_assign *out)
{
    size_t from = r->pos, name = 0, n = assign_length(r, &name);
    if (!n)
        return false;
    r->pos += n;
    *out = (struct shell_assign){
        .name = str_sub(r->text, from, from + name),
        .value = shell_read_word(r, SHELL_WORD_PLAIN),
    };
    out->raw = shell_span(r, from, r->pos);
    return true;
}
