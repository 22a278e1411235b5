/*
 * Redirections. Most are an operator and a word. A heredoc is noted and waits: its body begins
 * behind the next new line, which the list reader reports when it walks over it. Several that were
 * opened on one line follow one another.
 */
#include "base/buf.h"
#include "dockerfile/shell_reader.h"

/* Longer ones first. */
static const char *const operators[] = {"&>>", "<<<", "<<-", "&>", "<<", "<&",
                                        "<>",  ">>",  ">&",  ">|", "<",  ">"};

enum { FD_MAX = 1 << 20 };

static struct str operator_at(const struct shell_reader *r, size_t ahead)
{
    struct str rest = str_sub(r->text, r->pos + ahead, r->end);
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (str_starts(rest, str_of(operators[i])))
            return str_of(operators[i]);
    return STR_NULL;
}

/* The number in front of an operator, -1 when there is none. */
static int read_number(const struct shell_reader *r, size_t *digits)
{
    int fd = 0;
    size_t n = 0;
    for (; shell_peek(r, n) >= '0' && shell_peek(r, n) <= '9'; n++)
        fd = fd < FD_MAX ? fd * 10 + (shell_peek(r, n) - '0') : fd;
    *digits = n;
    return n ? fd : -1;
}

static void wait_for_body(struct shell_reader *r, size_t command, bool strip, bool quoted)
{
    struct shell_command *c = &r->script->commands.v[command];
    size_t last = c->redirects.n - 1;
    *vec_push(r->arena, &r->pending) = (struct shell_pending){
        .command = command,
        .redirect = last,
        .delimiter = c->redirects.v[last].target.value,
        .strip = strip,
        .expand = !quoted,
    };
}

bool shell_read_redirect(struct shell_reader *r, size_t command)
{
    size_t digits, from = r->pos;
    struct shell_redirect redirect = {.fd = read_number(r, &digits)};
    redirect.op = operator_at(r, digits);
    if (!redirect.op.n || (digits && redirect.op.p[0] == '&') ||
        (redirect.op.n == 1 && shell_peek(r, digits + 1) == '('))
        return false;
    r->pos += digits + redirect.op.n;
    shell_skip_blanks(r);
    size_t word = r->pos;
    redirect.target = shell_read_word(r, SHELL_WORD_PLAIN);
    if (r->pos == word)
        shell_fail(r);
    redirect.raw = shell_span(r, from, r->pos);
    bool quoted = redirect.target.value.n != r->pos - word;
    *vec_push(r->arena, &r->script->commands.v[command].redirects) = redirect;
    if (str_is(redirect.op, "<<") || str_is(redirect.op, "<<-"))
        wait_for_body(r, command, redirect.op.n == 3, quoted);
    return true;
}

static struct str without_tabs(struct str line)
{
    while (line.n && line.p[0] == '\t')
        line = str_from(line, 1);
    return line;
}

/* The body of a <<- as the command gets it. */
static struct str strip_body(struct shell_reader *r, struct str body)
{
    struct buf out = buf_in(r->arena);
    struct str line;
    while (body.n && str_split(&body, '\n', &line)) {
        buf_add(&out, without_tabs(line));
        if (body.p)
            buf_addc(&out, '\n');
    }
    return buf_str(&out);
}

/* Reads lines up to the delimiter; a text that ends before it ends the body too. */
static void read_body(struct shell_reader *r, struct shell_pending h)
{
    size_t from = r->pos, to = r->end, next;
    for (size_t line = from; line < r->end; line = next) {
        ptrdiff_t eol = str_chr(str_sub(r->text, line, r->end), '\n');
        size_t stop = eol < 0 ? r->end : line + (size_t)eol;
        next = eol < 0 ? r->end : stop + 1;
        struct str s = str_sub(r->text, line, stop);
        if (str_eq(h.strip ? without_tabs(s) : s, h.delimiter)) {
            to = line;
            r->pos = next;
            break;
        }
    }
    if (to == r->end)
        r->pos = r->end;
    struct str body = str_sub(r->text, from, to);
    struct shell_redirect *redirect = &r->script->commands.v[h.command].redirects.v[h.redirect];
    redirect->body = h.strip ? strip_body(r, body) : body;
    redirect->body_raw = shell_span(r, from, r->pos);
    if (!h.expand)
        return;
    size_t node = shell_node_open(r, SHELL_NODE_BODY);
    shell_node_at(r, node)->owner = (uint32_t)h.command;
    shell_read_expansions(r, from, to);
    shell_node_close(r, node);
}

void shell_read_bodies(struct shell_reader *r)
{
    size_t n = r->pending.n;
    for (size_t i = r->pending_from; i < n && !r->failed; i++)
        read_body(r, r->pending.v[i]);
    r->pending.n = r->pending_from;
}
