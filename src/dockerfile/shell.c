/*
 * The grammar of the shell, top down: a list of and-or chains of pipelines of commands, where a
 * command is a simple one or a block with a list inside. The functions are named after those
 * parts. Each reads its part at the reader's place and stops at the first byte that cannot belong
 * to it; whoever opened a block looks whether that is what closes it. Nothing is ever read twice
 * but keywords and the look ahead behind ((.
 *
 * A command is put in the list when its first byte is seen, so that those in its $( ) come behind
 * it. Therefore commands are addressed by number: the array may move at any time.
 */
#include "dockerfile/shell.h"

#include "dockerfile/shell_reader.h"

const char *const shell_keywords[] = {
    [KEY_BANG] = "!",        [KEY_CASE] = "case",
    [KEY_DO] = "do",         [KEY_DONE] = "done",
    [KEY_ELIF] = "elif",     [KEY_ELSE] = "else",
    [KEY_ESAC] = "esac",     [KEY_FI] = "fi",
    [KEY_FOR] = "for",       [KEY_FUNCTION] = "function",
    [KEY_IF] = "if",         [KEY_IN] = "in",
    [KEY_SELECT] = "select", [KEY_TEST] = "[[",
    [KEY_THEN] = "then",     [KEY_UNTIL] = "until",
    [KEY_WHILE] = "while",   [KEY_OPEN] = "{",
    [KEY_CLOSE] = "}",
};

enum { KEYWORD_MAX = 8, LOOKAHEAD_FACTOR = 64 };

void shell_fail(struct shell_reader *r)
{
    if (!r->failed) {
        r->failed = true;
        r->script->stopped_at = shell_place(r, r->pos < r->end ? r->pos : r->end);
    }
    r->pos = r->end;
}

bool shell_enter(struct shell_reader *r)
{
    if (r->nesting >= SHELL_MAX_DEPTH) {
        shell_fail(r);
        return false;
    }
    r->nesting++;
    return true;
}

void shell_leave(struct shell_reader *r)
{
    r->nesting--;
}

static void skip_comment(struct shell_reader *r)
{
    size_t from = r->pos;
    ptrdiff_t eol = str_chr(str_sub(r->text, from, r->end), '\n');
    r->pos = eol < 0 ? r->end : from + (size_t)eol;
    *vec_push(r->arena, &r->script->comments) = shell_span(r, from, r->pos);
}

void shell_skip_blanks(struct shell_reader *r)
{
    for (;;) {
        char c = shell_peek(r, 0);
        if (c == ' ' || c == '\t')
            r->pos++;
        else if (c == '\\' && shell_peek(r, 1) == '\n')
            r->pos += 2;
        else
            break;
    }
    if (shell_peek(r, 0) == '#')
        skip_comment(r);
}

void shell_skip_lines(struct shell_reader *r)
{
    shell_skip_blanks(r);
    while (shell_peek(r, 0) == '\n') {
        r->pos++;
        shell_read_bodies(r);
        shell_skip_blanks(r);
    }
}

enum shell_keyword shell_keyword_here(const struct shell_reader *r)
{
    size_t n = 0;
    while (n <= KEYWORD_MAX && !shell_at_word_end(r, n))
        n++;
    struct str word = str_sub(r->text, r->pos, r->pos + n);
    for (size_t i = 1; i < sizeof shell_keywords / sizeof *shell_keywords; i++)
        if (str_is(word, shell_keywords[i]))
            return (enum shell_keyword)i;
    return KEY_NONE;
}

bool shell_accept(struct shell_reader *r, enum shell_keyword k)
{
    if (shell_keyword_here(r) != k)
        return false;
    r->pos += strlen(shell_keywords[k]);
    return true;
}

void shell_expect(struct shell_reader *r, enum shell_keyword k)
{
    shell_skip_lines(r);
    if (!shell_accept(r, k))
        shell_fail(r);
}

bool shell_accept_byte(struct shell_reader *r, char c)
{
    if (shell_peek(r, 0) != c || shell_at_end(r))
        return false;
    r->pos++;
    return true;
}

size_t shell_command_new(struct shell_reader *r)
{
    struct shell_script *s = r->script;
    *vec_push(r->arena, &s->commands) = (struct shell_command){
        .raw = shell_span(r, r->pos, r->pos),
        .link = r->link,
        .depth = r->in.depth,
        .conditional = r->in.conditional || r->in.left,
        .subshell = r->in.subshell,
        .substitution = r->in.substitution,
    };
    *vec_push(r->arena, &r->marks) = r->in.exited ? SHELL_EXITED : 0;
    r->link = SHELL_SEQ;
    return s->commands.n - 1;
}

size_t shell_node_open(struct shell_reader *r, enum shell_node_kind kind)
{
    struct shell_script *s = r->script;
    *vec_push(r->arena, &s->nodes) = (struct shell_node){
        .kind = kind,
        .first = (uint32_t)s->commands.n,
        .word = (uint32_t)s->others.n,
    };
    return s->nodes.n - 1;
}

void shell_node_close(struct shell_reader *r, size_t node)
{
    struct shell_node *n = shell_node_at(r, node);
    n->end = (uint32_t)r->script->nodes.n;
    n->last = (uint32_t)r->script->commands.n;
}

void shell_read_inner(struct shell_reader *r)
{
    struct shell_context saved = r->in;
    enum shell_link link = r->link;
    bool errexit = r->errexit;
    size_t from = r->script->commands.n, node = shell_node_open(r, SHELL_NODE_SUBSTITUTION);
    shell_node_at(r, node)->optional = r->in.optional;
    r->in.depth++;
    r->in.subshell = r->in.substitution = true;
    r->in.exited = r->in.optional = false;
    r->link = SHELL_FIRST;
    shell_read_list(r);
    shell_mark_processes(r, from);
    shell_mark_unchecked(r, from, r->script->commands.n);
    r->in = saved;
    r->link = link;
    r->errexit = errexit;
    shell_node_close(r, node);
}

void shell_close_block(struct shell_reader *r, struct shell_context outer)
{
    outer.left = r->in.left;
    outer.exited = r->in.exited;
    r->in = outer;
}

void shell_command_drop(struct shell_reader *r)
{
    r->script->commands.n--;
    r->marks.n--;
}

void shell_command_word(struct shell_reader *r, size_t command, enum shell_word_mode mode)
{
    struct shell_word w = shell_read_word(r, mode);
    struct shell_command *c = &r->script->commands.v[command];
    *vec_push(r->arena, &c->words) = w;
}

void shell_command_end(struct shell_reader *r, size_t command, size_t end)
{
    r->script->commands.v[command].raw.to = (uint32_t)shell_place(r, end);
}

/* One piece of a simple command: assignment, redirection or word. */
static bool read_piece(struct shell_reader *r, size_t command)
{
    struct shell_assign assign;
    if (shell_read_redirect(r, command))
        return true;
    char c = shell_peek(r, 0);
    if (shell_at_word_end(r, 0) && c != '<' && c != '>')
        return false;
    if (!r->script->commands.v[command].words.n && shell_read_assign(r, &assign))
        *vec_push(r->arena, &r->script->commands.v[command].assigns) = assign;
    else
        shell_command_word(r, command, SHELL_WORD_PLAIN);
    return true;
}

static void read_simple(struct shell_reader *r)
{
    size_t node = shell_node_open(r, SHELL_NODE_COMMAND);
    size_t from = r->pos, end = from, command = shell_command_new(r);
    while (read_piece(r, command)) {
        end = r->pos;
        shell_skip_blanks(r);
    }
    shell_command_end(r, command, end);
    if (end == from)
        shell_fail(r);
    else if (shell_peek(r, 0) == '(')
        shell_read_function(r, command, node);
    else
        shell_note_builtin(r, &r->script->commands.v[command]);
    shell_node_close(r, node);
}

void shell_read_command(struct shell_reader *r)
{
    enum shell_keyword k = shell_keyword_here(r);
    if (shell_opens_block(k) || shell_peek(r, 0) == '(')
        shell_read_block(r, k);
    else if (k == KEY_NONE || k == KEY_IN)
        read_simple(r);
    else
        shell_fail(r);
}

/* Several commands joined by |: each runs in a process of its own, and only the last one's failure
 * is seen. */
static void end_pipe(struct shell_reader *r, size_t from, size_t last)
{
    for (size_t i = from; i < r->script->commands.n; i++)
        r->script->commands.v[i].subshell = true;
    shell_mark_processes(r, from);
    shell_mark_unchecked(r, from, last);
}

static void end_negation(struct shell_reader *r, size_t from)
{
    for (size_t i = from; i < r->script->commands.n; i++)
        r->script->commands.v[i].negated = true;
    shell_mark_unchecked(r, from, r->script->commands.n);
}

static bool accept_pipe(struct shell_reader *r)
{
    if (shell_peek(r, 0) != '|' || shell_peek(r, 1) == '|')
        return false;
    r->pos += shell_peek(r, 1) == '&' ? 2 : 1;
    return true;
}

/* Commands joined by |. False when there was only one. */
static bool read_pipe(struct shell_reader *r)
{
    size_t from = r->script->commands.n, last = from;
    shell_read_command(r);
    shell_skip_blanks(r);
    while (accept_pipe(r)) {
        /* Who reads the pipe may end first; a second command then never starts. */
        if (r->script->commands.n > last)
            shell_mark_conditional(r, last + 1);
        last = r->script->commands.n;
        r->link = SHELL_PIPE;
        shell_skip_lines(r);
        shell_read_command(r);
        shell_skip_blanks(r);
    }
    if (last > from)
        end_pipe(r, from, last);
    return last > from;
}

static void read_pipeline(struct shell_reader *r)
{
    size_t from = r->script->commands.n, node = shell_node_open(r, SHELL_NODE_PIPELINE);
    bool negated = false, errexit = r->errexit;
    struct shell_context outer = r->in;
    r->in.exited = false;
    while (shell_accept(r, KEY_BANG)) {
        negated = true;
        shell_skip_blanks(r);
    }
    if (read_pipe(r)) {
        r->in = outer;
        r->errexit = errexit;
    }
    if (negated)
        end_negation(r, from);
    if (outer.exited)
        shell_mark(r, from, SHELL_EXITED);
    r->in.exited |= outer.exited || r->errexit_seen;
    shell_node_at(r, node)->negated = negated;
    shell_node_close(r, node);
}

static enum shell_link accept_and_or(struct shell_reader *r)
{
    enum shell_link link = shell_looking_at(r, STR("&&"))   ? SHELL_AND
                           : shell_looking_at(r, STR("||")) ? SHELL_OR
                                                            : SHELL_FIRST;
    if (link != SHELL_FIRST)
        r->pos += 2;
    return link;
}

/* Reads a pipeline; whether it only asks something. An if does not: it succeeds either way. */
static bool read_question(struct shell_reader *r)
{
    size_t from = r->script->commands.n;
    enum shell_keyword k = shell_keyword_here(r);
    read_pipeline(r);
    if (from >= r->script->commands.n || k == KEY_IF || k == KEY_CASE || k == KEY_WHILE ||
        k == KEY_UNTIL)
        return false;
    return shell_is_test(&r->script->commands.v[from]);
}

/* Reads a chain of && and ||. Returns the number of the first command of its last pipeline. */
static size_t read_and_or(struct shell_reader *r)
{
    size_t open = r->script->commands.n, from = open; /* from `open` on no || came behind */
    bool asked = false;
    enum shell_link link = SHELL_FIRST;
    for (;;) {
        size_t node = r->script->nodes.n;
        bool question = read_question(r);
        shell_node_at(r, node)->link = link;
        if (link == SHELL_OR || (link == SHELL_AND && asked))
            shell_mark_conditional(r, from);
        else if (link == SHELL_AND)
            shell_mark(r, from, SHELL_WEAK);
        asked = (link == SHELL_AND && asked) || question;
        shell_skip_blanks(r);
        link = accept_and_or(r);
        if (link == SHELL_FIRST)
            return from;
        from = r->script->commands.n;
        if (link == SHELL_OR) {
            shell_mark_unchecked(r, open, from);
            open = from;
        }
        r->link = link;
        shell_skip_lines(r);
    }
}

/* Another chain follows: those in [from, last) can fail without the script failing, and the last
 * pipeline of the chain too, unless set -e. */
static void end_chain(struct shell_reader *r, size_t from, size_t last)
{
    size_t n = r->script->commands.n;
    shell_mark_unchecked(r, from, last);
    for (size_t i = last; i < n; i++)
        if (!r->errexit || (r->marks.v[i] & SHELL_WEAK))
            shell_mark_unchecked(r, i, i + 1);
}

/* What may follow a list: the end, a closing parenthesis or keyword, the ;; of a case. */
static bool at_list_end(const struct shell_reader *r)
{
    char c = shell_peek(r, 0);
    if (shell_at_end(r) || c == ')')
        return true;
    if (c == ';')
        return shell_peek(r, 1) == ';' || shell_peek(r, 1) == '&';
    enum shell_keyword k = shell_keyword_here(r);
    return k == KEY_THEN || k == KEY_DO || k == KEY_DONE || k == KEY_FI || k == KEY_ELIF ||
           k == KEY_ELSE || k == KEY_ESAC || k == KEY_CLOSE;
}

/* ; or & or a new line behind a chain whose first command is number `from`. */
static bool accept_separator(struct shell_reader *r, size_t from, bool left)
{
    char c = shell_peek(r, 0);
    if (c == '\n') {
        r->link = SHELL_SEQ;
        return true;
    }
    if ((c != ';' && c != '&') || at_list_end(r))
        return false;
    r->pos++;
    r->link = c == ';' ? SHELL_SEQ : SHELL_BG;
    if (c == '&') {
        shell_mark_background(r, from);
        r->in.left = left;
    }
    return true;
}

bool shell_read_list(struct shell_reader *r)
{
    bool any = false, more = true;
    size_t from = 0, last = 0, node = shell_node_open(r, SHELL_NODE_LIST);
    shell_skip_lines(r);
    while (more && !at_list_end(r)) {
        if (any)
            end_chain(r, from, last);
        bool left = r->in.left;
        any = true;
        from = r->script->commands.n;
        size_t chain = shell_node_open(r, SHELL_NODE_CHAIN);
        last = read_and_or(r);
        more = accept_separator(r, from, left);
        shell_node_at(r, chain)->background = more && r->link == SHELL_BG;
        shell_node_close(r, chain);
        if (more)
            shell_skip_lines(r);
    }
    shell_node_close(r, node);
    return any;
}

struct shell_script shell_read(struct arena *a, struct str text)
{
    struct shell_script script = {.text = text, .complete = true};
    struct shell_reader r = {
        .arena = a,
        .script = &script,
        .text = text,
        .end = text.n,
        .lookahead = text.n * LOOKAHEAD_FACTOR,
    };
    shell_read_list(&r);
    if (!shell_at_end(&r) || r.pending.n)
        shell_fail(&r);
    script.complete = !r.failed;
    if (r.failed) {
        shell_mark_conditional(&r, 0);
        script.nodes.n = 0;
    }
    script.uses_features = shell_needs_shell(&script);
    return script;
}

struct shell_command shell_exec_form(struct arena *a, const struct str *args, size_t n)
{
    struct shell_command c = {.link = SHELL_FIRST};
    for (size_t i = 0; i < n; i++)
        *vec_push(a, &c.words) = (struct shell_word){.value = args[i], .literal = true};
    return c;
}
