/*
 * Inside of the shell reader: what shell.c (grammar), shell_flow.c (what is certain to run),
 * shell_word.c (quotes and expansions) and shell_redirect.c (redirections and heredocs) share.
 *
 * A reader that fails goes to the end of its text, so that every loop over the text ends by itself.
 */
#ifndef DOCKERFILE_SHELL_READER_H
#define DOCKERFILE_SHELL_READER_H

#include "dockerfile/shell.h"

enum shell_keyword {
    KEY_NONE,
    KEY_BANG,
    KEY_CASE,
    KEY_DO,
    KEY_DONE,
    KEY_ELIF,
    KEY_ELSE,
    KEY_ESAC,
    KEY_FI,
    KEY_FOR,
    KEY_FUNCTION,
    KEY_IF,
    KEY_IN,
    KEY_SELECT,
    KEY_TEST,
    KEY_THEN,
    KEY_UNTIL,
    KEY_WHILE,
    KEY_OPEN,  /* { */
    KEY_CLOSE, /* } */
};

/* Their spelling. */
extern const char *const shell_keywords[];

/* What may stand in a word: behind =~ more than usual. */
enum shell_word_mode { SHELL_WORD_PLAIN, SHELL_WORD_REGEX };

/* A command is not run if … */
enum shell_mark {
    SHELL_WEAK = 1,    /* … one before it fails, which then must fail the step */
    SHELL_EXITED = 2,  /* … the process it is in ended before, failing */
    SHELL_PROCESS = 4, /* … a process inside of this one did, which then must fail the step */
};

/* Where the commands being read stand. */
struct shell_context {
    unsigned depth;
    bool conditional, subshell, substitution;
    bool function; /* a return ends the function, not the script */
    bool optional; /* inside of ${ } */
    bool left;     /* an exit may have ended the script before here */
    bool exited;   /* a failure may have ended this process before here */
};

/* A heredoc whose body begins behind the next new line. */
struct shell_pending {
    size_t command, redirect; /* whose it is */
    struct str delimiter;
    bool strip;  /* <<- */
    bool expand; /* no part of the delimiter was quoted */
};

struct shell_reader {
    struct arena *arena;
    struct shell_script *script;
    struct str text;     /* the script, or the inside of backticks without their backslashes */
    const uint32_t *map; /* offsets of `text` in the script; NULL: the same */
    size_t pos, end;
    bool failed;
    unsigned nesting;     /* of anything that recurses */
    size_t lookahead;     /* bytes that may still be read ahead, which keeps the whole linear */
    bool errexit;         /* set -e is on */
    bool errexit_seen;    /* it may be */
    enum shell_link link; /* of the next command */
    struct shell_context in;
    VEC(unsigned char) marks; /* of each command, enum shell_mark */
    VEC(struct shell_pending) pending;
    size_t pending_from; /* those before wait for a new line outside of what is being read */
};

static inline bool shell_at_end(const struct shell_reader *r)
{
    return r->pos >= r->end;
}

/* The byte `ahead` of the present one, NUL behind the end. */
static inline char shell_peek(const struct shell_reader *r, size_t ahead)
{
    return r->pos + ahead < r->end ? r->text.p[r->pos + ahead] : 0;
}

static inline bool shell_looking_at(const struct shell_reader *r, struct str s)
{
    return str_starts(str_sub(r->text, r->pos, r->end), s);
}

/* Offset in the script of an offset in the text being read. */
static inline size_t shell_place(const struct shell_reader *r, size_t at)
{
    return r->map ? r->map[at] : at;
}

static inline bool shell_is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static inline bool shell_is_name(char c)
{
    return shell_is_name_start(c) || (c >= '0' && c <= '9');
}

static inline struct span shell_span(const struct shell_reader *r, size_t from, size_t to)
{
    return span_make(shell_place(r, from), shell_place(r, to));
}

/* shell.c */
void shell_fail(struct shell_reader *r);
/* One level deeper, or failure. */
bool shell_enter(struct shell_reader *r);
void shell_leave(struct shell_reader *r);
/* Blanks, joined lines and a comment. */
void shell_skip_blanks(struct shell_reader *r);
/* The same over new lines, which bring the bodies of heredocs. */
void shell_skip_lines(struct shell_reader *r);
/* The keyword at the reader's place, if a word of that spelling stands there. */
enum shell_keyword shell_keyword_here(const struct shell_reader *r);
/* Goes over it if it is there. */
bool shell_accept(struct shell_reader *r, enum shell_keyword k);
bool shell_accept_byte(struct shell_reader *r, char c);
/* The same over lines before it; it must be there. */
void shell_expect(struct shell_reader *r, enum shell_keyword k);
/* Adds a command that begins here; the number of it. */
size_t shell_command_new(struct shell_reader *r);
/* Takes the last one back. */
void shell_command_drop(struct shell_reader *r);
/* Reads one more word of it. */
void shell_command_word(struct shell_reader *r, size_t command, enum shell_word_mode mode);
/* It ends at offset `end`. */
void shell_command_end(struct shell_reader *r, size_t command, size_t end);
/* A simple command or a block. */
void shell_read_command(struct shell_reader *r);
/* Reads up to what cannot belong to a list. False when there was no command at all. */
bool shell_read_list(struct shell_reader *r);
/* A list of commands in a process of its own, up to what ends it. */
void shell_read_inner(struct shell_reader *r);

/* Goes back to where the block stands that ends here. */
void shell_close_block(struct shell_reader *r, struct shell_context outer);
/* Adds a part that begins here; the number of it. */
size_t shell_node_open(struct shell_reader *r, enum shell_node_kind kind);
/* It ends here. */
void shell_node_close(struct shell_reader *r, size_t node);

static inline struct shell_node *shell_node_at(struct shell_reader *r, size_t node)
{
    return &r->script->nodes.v[node];
}

/* shell_block.c */
/* The block that keyword `k`, at the reader's place, or a ( opens, with the redirections behind. */
void shell_read_block(struct shell_reader *r, enum shell_keyword k);
/* Whether `k` opens a block. */
bool shell_opens_block(enum shell_keyword k);
/* A word was read as a command's name, and now there is a (: it must be a function. */
void shell_read_function(struct shell_reader *r, size_t command, size_t node);

/* shell_flow.c: marks on the commands from number `from` on. */
void shell_mark_conditional(struct shell_reader *r, size_t from);
void shell_mark(struct shell_reader *r, size_t from, enum shell_mark mark);
/* The script goes on although those in [from, to) failed. */
void shell_mark_unchecked(struct shell_reader *r, size_t from, size_t to);
void shell_mark_background(struct shell_reader *r, size_t from);
/* All of [from, last] is in processes of their own. */
void shell_mark_processes(struct shell_reader *r, size_t from);
/* Looks for what changes all that follows: exit, return, exec, set -e. */
void shell_note_builtin(struct shell_reader *r, const struct shell_command *c);
/* Its failure is an answer rather than an error: test, [, [[, ((. */
bool shell_is_test(const struct shell_command *c);
/* The script needs a shell to run. */
bool shell_needs_shell(const struct shell_script *s);

/* shell_word.c */
/* Reads the word at the reader's place; an empty one when there is none. */
struct shell_word shell_read_word(struct shell_reader *r, enum shell_word_mode mode);
/* NAME=value at the reader's place, or false. */
bool shell_read_assign(struct shell_reader *r, struct shell_assign *out);
/* Quotes that nobody wants the value of. */
void shell_skip_single(struct shell_reader *r);
void shell_skip_double(struct shell_reader *r);
/* A byte that ends a word outside of quotes. */
bool shell_is_meta(char c);
/* Any of those, or the end of the text, `ahead` of the present place. */
bool shell_at_word_end(const struct shell_reader *r, size_t ahead);

/* shell_dollar.c */
/* Walks over the expansion that the $ here begins. False when it begins none: it stays a $. */
bool shell_read_dollar(struct shell_reader *r, bool in_double);
void shell_read_backtick(struct shell_reader *r, bool in_double);
/* <( ) or >( ). */
void shell_read_process(struct shell_reader *r);
/* One byte, quote or expansion inside of ${ } or a pattern; `quotes`: a ' is a quote. */
void shell_skip_part(struct shell_reader *r, bool in_double, bool quotes);
/* The expansions in [from, to), which is the body of a heredoc. */
void shell_read_expansions(struct shell_reader *r, size_t from, size_t to);
/* Where the (( at offset `at` ends if it can be arithmetic, else 0. */
size_t shell_arithmetic_end(struct shell_reader *r, size_t at);
/* Walks over (( )) up to `end`, for the substitutions in it. */
void shell_read_arithmetic(struct shell_reader *r, size_t end);

/* shell_redirect.c */
/* Reads a redirection into command number `command`, or returns false when there is none here. */
bool shell_read_redirect(struct shell_reader *r, size_t command);
/* Reads the bodies of the heredocs that wait, from behind a new line. */
void shell_read_bodies(struct shell_reader *r);

#endif
