/*
 * Blocks: if, for, while, until, case, { }, ( ), functions, [[ ]] and (( )). Each function is
 * called behind the word that opens its block and reads to behind the one that closes it. The list
 * inside is read by shell.c, which stops at whatever cannot belong to a list.
 */
#include "dockerfile/shell_reader.h"

/* Reads a word of no command; false when there is none. */
static bool read_other(struct shell_reader *r)
{
    shell_skip_blanks(r);
    size_t from = r->pos;
    struct shell_word w = shell_read_word(r, SHELL_WORD_PLAIN);
    if (r->pos == from)
        return false;
    *vec_push(r->arena, &r->script->others) = w;
    return true;
}

/* A list inside of a block, which may not be empty. */
static void read_block(struct shell_reader *r, bool conditional)
{
    struct shell_context saved = r->in;
    r->in.depth++;
    r->in.conditional |= conditional;
    r->link = SHELL_FIRST;
    if (!shell_read_list(r))
        shell_fail(r);
    shell_close_block(r, saved);
}

/* The condition of if, while, until: it runs, and its failure is an answer. */
static void read_condition(struct shell_reader *r)
{
    size_t from = r->script->commands.n;
    read_block(r, false);
    shell_mark_unchecked(r, from, r->script->commands.n);
}

static void read_subshell(struct shell_reader *r)
{
    struct shell_context saved = r->in;
    bool errexit = r->errexit;
    size_t from = r->script->commands.n;
    r->pos++;
    r->in.subshell = true;
    r->in.exited = false;
    read_block(r, false);
    shell_mark_processes(r, from);
    if (!shell_accept_byte(r, ')'))
        shell_fail(r);
    r->in = saved;
    r->errexit = errexit;
}

static void read_if(struct shell_reader *r)
{
    do {
        read_condition(r);
        shell_expect(r, KEY_THEN);
        read_block(r, true);
        shell_skip_lines(r);
        /* The condition behind elif is asked only if the one before failed. */
        r->in.conditional = true;
    } while (!r->failed && shell_accept(r, KEY_ELIF));
    if (shell_accept(r, KEY_ELSE))
        read_block(r, true);
    shell_expect(r, KEY_FI);
}

static void read_do(struct shell_reader *r)
{
    shell_skip_lines(r);
    bool brace = shell_accept(r, KEY_OPEN);
    if (!brace)
        shell_expect(r, KEY_DO);
    read_block(r, true);
    shell_expect(r, brace ? KEY_CLOSE : KEY_DONE);
}

/* for ((a; b; c)), of which only the substitutions matter. */
static void read_for_arithmetic(struct shell_reader *r)
{
    size_t from = r->pos, end = shell_arithmetic_end(r, from);
    if (!end) {
        shell_fail(r);
        return;
    }
    shell_read_arithmetic(r, end);
    *vec_push(r->arena, &r->script->others) =
        (struct shell_word){.raw = shell_span(r, from, end), .value = str_sub(r->text, from, end)};
}

/* Behind for and select. */
static void read_for(struct shell_reader *r, size_t node)
{
    shell_skip_blanks(r);
    if (shell_looking_at(r, STR("((")))
        read_for_arithmetic(r);
    else if (!read_other(r))
        shell_fail(r);
    shell_skip_lines(r);
    if (shell_accept(r, KEY_IN))
        while (read_other(r))
            continue;
    shell_node_at(r, node)->words_end = (uint32_t)r->script->others.n;
    shell_skip_blanks(r);
    shell_accept_byte(r, ';');
    read_do(r);
}

/* ;; ;& or ;;& behind a clause. Whether the one behind it may run too. */
static bool read_clause_end(struct shell_reader *r)
{
    if (!shell_accept_byte(r, ';'))
        return false;
    if (shell_accept_byte(r, '&'))
        return true;
    if (!shell_accept_byte(r, ';'))
        shell_fail(r);
    return shell_accept_byte(r, '&');
}

/* pattern | pattern ) list, up to ;; or esac. */
static void read_clause(struct shell_reader *r)
{
    size_t node = shell_node_open(r, SHELL_NODE_CLAUSE);
    shell_accept_byte(r, '(');
    do {
        if (!read_other(r))
            shell_fail(r);
        shell_skip_blanks(r);
    } while (shell_accept_byte(r, '|'));
    if (!shell_accept_byte(r, ')'))
        shell_fail(r);
    shell_node_at(r, node)->words_end = (uint32_t)r->script->others.n;
    shell_skip_lines(r);
    if (!shell_looking_at(r, STR(";")) && shell_keyword_here(r) != KEY_ESAC)
        read_block(r, true);
    shell_node_at(r, node)->falls = read_clause_end(r);
    shell_node_close(r, node);
    shell_skip_lines(r);
}

static void read_case(struct shell_reader *r, size_t node)
{
    if (!read_other(r))
        shell_fail(r);
    shell_node_at(r, node)->words_end = (uint32_t)r->script->others.n;
    shell_expect(r, KEY_IN);
    shell_skip_lines(r);
    while (!shell_at_end(r) && !shell_accept(r, KEY_ESAC)) {
        read_clause(r);
        if (shell_at_end(r))
            shell_fail(r);
    }
}

/* The body of a function: nothing in it runs before the function is called. */
static void read_function_body(struct shell_reader *r)
{
    struct shell_context saved = r->in;
    size_t from = r->script->commands.n;
    r->in.depth++;
    r->in.conditional = r->in.function = true;
    r->link = SHELL_FIRST;
    shell_skip_lines(r);
    if (shell_at_end(r))
        shell_fail(r);
    else
        shell_read_command(r);
    shell_mark_unchecked(r, from, r->script->commands.n); /* who calls it is not looked for */
    shell_close_block(r, saved);
}

/* Behind `function`. */
static void read_function(struct shell_reader *r, size_t node)
{
    if (!read_other(r))
        shell_fail(r);
    shell_node_at(r, node)->words_end = (uint32_t)r->script->others.n;
    shell_skip_blanks(r);
    if (shell_looking_at(r, STR("()")))
        r->pos += 2;
    shell_skip_lines(r);
    if (shell_opens_block(shell_keyword_here(r)) || shell_peek(r, 0) == '(')
        read_function_body(r);
    else
        shell_fail(r); /* some shells take any word for the name of a program, this one too */
}

/* A word was read as the program's name, and now there is `()`. */
void shell_read_function(struct shell_reader *r, size_t command, size_t node)
{
    struct shell_script *s = r->script;
    struct shell_command *c = &s->commands.v[command];
    r->pos++;
    shell_skip_blanks(r);
    if (c->words.n != 1 || c->assigns.n || c->redirects.n || s->commands.n != command + 1 ||
        s->nodes.n != node + 1 || !shell_accept_byte(r, ')')) {
        shell_fail(r);
        return;
    }
    *vec_push(r->arena, &s->others) = c->words.v[0];
    shell_command_drop(r);
    s->nodes.v[node].kind = SHELL_NODE_FUNCTION;
    s->nodes.v[node].words_end = (uint32_t)s->others.n;
    if (!shell_enter(r))
        return;
    read_function_body(r);
    shell_leave(r);
}

/* The length of an operator inside of [[ ]]. */
static size_t test_operator(const struct shell_reader *r)
{
    char c = shell_peek(r, 0);
    if (c == '&' || c == '|')
        return shell_peek(r, 1) == c ? 2 : 0;
    bool process = (c == '<' || c == '>') && shell_peek(r, 1) == '(';
    return shell_is_meta(c) && c != ';' && !process;
}

/* An operator or operand inside of [[ ]]. */
static void read_test_word(struct shell_reader *r, size_t command)
{
    struct shell_command *c = &r->script->commands.v[command];
    bool regex = str_is(c->words.v[c->words.n - 1].value, "=~");
    size_t from = r->pos, n = regex ? 0 : test_operator(r);
    if (n) {
        r->pos += n;
        *vec_push(r->arena, &c->words) = (struct shell_word){
            .raw = shell_span(r, from, r->pos),
            .value = str_sub(r->text, from, r->pos),
            .literal = true,
        };
        return;
    }
    shell_command_word(r, command, regex ? SHELL_WORD_REGEX : SHELL_WORD_PLAIN);
    if (r->pos == from)
        shell_fail(r);
}

/* [[ … ]], read as a command of which all is words. */
static void read_test(struct shell_reader *r)
{
    size_t command = shell_command_new(r);
    shell_command_word(r, command, SHELL_WORD_PLAIN);
    shell_skip_lines(r);
    while (!(shell_looking_at(r, STR("]]")) && shell_at_word_end(r, 2)) && !shell_at_end(r)) {
        read_test_word(r, command);
        shell_skip_lines(r);
    }
    if (shell_at_end(r))
        shell_fail(r);
    else
        shell_command_word(r, command, SHELL_WORD_PLAIN);
    shell_command_end(r, command, r->pos);
}

/* Whether (( at the reader's place is arithmetic, which bash knows, rather than two subshells:
 * there an operand is followed by an operator, not by another word. */
static bool is_arithmetic(struct shell_reader *r, size_t end)
{
    size_t i = r->pos + 2;
    struct str text = str_sub(r->text, 0, end - 2);
    while (i < text.n && (str_is_blank(text.p[i]) || text.p[i] == '!'))
        i++;
    while (i < text.n && !str_is_blank(text.p[i]))
        i++;
    while (i < text.n && str_is_blank(text.p[i]))
        i++;
    if (i >= text.n)
        return true;
    char next = i + 1 < text.n ? text.p[i + 1] : ' ';
    return strchr("=<>!+*/%&|^?:,-", text.p[i]) && (str_is_blank(next) || strchr("=<>&|*+", next));
}

/* ( or ((. */
static void read_parenthesis(struct shell_reader *r, size_t node)
{
    size_t from = r->pos, end = 0;
    if (shell_peek(r, 1) == '(')
        end = shell_arithmetic_end(r, from);
    if (!end || !is_arithmetic(r, end)) {
        read_subshell(r);
        return;
    }
    size_t command = shell_command_new(r);
    shell_node_at(r, node)->kind = SHELL_NODE_COMMAND;
    shell_read_arithmetic(r, end);
    *vec_push(r->arena, &r->script->commands.v[command].words) =
        (struct shell_word){.raw = shell_span(r, from, end), .value = str_sub(r->text, from, end)};
    shell_command_end(r, command, r->pos);
}

/* Redirections behind the end of a block. */
static void read_tail(struct shell_reader *r)
{
    shell_skip_blanks(r);
    enum shell_link link = r->link;
    size_t from = r->pos, end = from;
    r->link = SHELL_BLOCK;
    size_t node = shell_node_open(r, SHELL_NODE_COMMAND);
    size_t command = shell_command_new(r);
    r->link = link;
    while (shell_read_redirect(r, command)) {
        end = r->pos;
        shell_skip_blanks(r);
    }
    shell_command_end(r, command, end);
    shell_node_close(r, node);
    if (end == from) {
        shell_command_drop(r);
        r->script->nodes.n = node;
    }
}

bool shell_opens_block(enum shell_keyword k)
{
    return k == KEY_IF || k == KEY_WHILE || k == KEY_UNTIL || k == KEY_FOR || k == KEY_SELECT ||
           k == KEY_CASE || k == KEY_OPEN || k == KEY_FUNCTION || k == KEY_TEST;
}

static enum shell_node_kind kind_of(enum shell_keyword k)
{
    switch (k) {
    case KEY_IF:
        return SHELL_NODE_IF;
    case KEY_WHILE:
    case KEY_UNTIL:
        return SHELL_NODE_WHILE;
    case KEY_FOR:
    case KEY_SELECT:
        return SHELL_NODE_FOR;
    case KEY_CASE:
        return SHELL_NODE_CASE;
    case KEY_FUNCTION:
        return SHELL_NODE_FUNCTION;
    case KEY_TEST:
        return SHELL_NODE_COMMAND;
    case KEY_NONE:
        return SHELL_NODE_SUBSHELL;
    default:
        return SHELL_NODE_GROUP;
    }
}

static void read_by_keyword(struct shell_reader *r, enum shell_keyword k, size_t node)
{
    if (k == KEY_NONE) {
        read_parenthesis(r, node);
        return;
    }
    if (k == KEY_TEST) {
        read_test(r);
        return;
    }
    r->pos += strlen(shell_keywords[k]);
    if (k == KEY_IF) {
        read_if(r);
    } else if (k == KEY_WHILE || k == KEY_UNTIL) {
        read_condition(r);
        read_do(r);
    } else if (k == KEY_FOR || k == KEY_SELECT) {
        read_for(r, node);
    } else if (k == KEY_CASE) {
        read_case(r, node);
    } else if (k == KEY_FUNCTION) {
        read_function(r, node);
    } else {
        read_block(r, false);
        shell_expect(r, KEY_CLOSE);
    }
}

void shell_read_block(struct shell_reader *r, enum shell_keyword k)
{
    if (!shell_enter(r))
        return;
    struct shell_context saved = r->in;
    size_t node = shell_node_open(r, kind_of(k));
    read_by_keyword(r, k, node);
    shell_close_block(r, saved);
    read_tail(r);
    shell_node_close(r, node);
    shell_leave(r);
}
