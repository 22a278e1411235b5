/*
 * Reading a shell command without losing a byte: the text of a shell-form RUN, CMD, ENTRYPOINT or
 * HEALTHCHECK, a heredoc body, an entrypoint script.
 *
 * It is a reader, not an interpreter: POSIX grammar plus what bash and busybox add that occurs in
 * real files. Commands are listed in order of appearance, whatever their nesting, each with its
 * words; every word has its exact place in the text. What it cannot read it says (`complete` is
 * false) and whoever asked must then assume nothing.
 */
#ifndef DOCKERFILE_SHELL_H
#define DOCKERFILE_SHELL_H

#include "base/str.h"
#include "base/vec.h"
#include "text/span.h"

/* How a command hangs on the one before it. */
enum shell_link {
    SHELL_FIRST, /* first of the text, or of a block */
    SHELL_AND,   /* && */
    SHELL_OR,    /* || */
    SHELL_SEQ,   /* ; or a new line */
    SHELL_PIPE,  /* | or |& */
    SHELL_BG,    /* & */
    SHELL_BLOCK, /* no program: the redirections behind ) } fi done esac, `words` is empty */
};

struct shell_word {
    struct span raw;  /* in the text, quotes and all */
    struct str value; /* quotes and escapes removed; parts that are expanded at run time are kept as
                         written ("$HOME/x", "$(pwd)", $'\n') */
    bool literal; /* value is exactly what the command gets: no $, `, glob, ~ or brace expansion */
    bool quoted;  /* some part was in quotes */
};

struct shell_assign {
    struct span raw;
    struct str name;
    struct shell_word value; /* of an array everything from ( to ) */
};

struct shell_redirect {
    struct span raw;
    int fd;        /* the number before the operator, -1 when none */
    struct str op; /* ">", ">>", "<", "<<", "<<-", "<<<", ">&", "<&", "&>", "&>>", ">|", "<>" */
    struct shell_word target; /* the delimiter for << */
    struct str body;          /* of a << heredoc, to the end of the text when nothing ends it */
    struct span body_raw;     /* its lines and the one that ends it */
};

struct shell_command {
    struct span raw; /* from the first word to the last, assignments and redirections included */
    enum shell_link link;
    unsigned depth;    /* nesting in ( ) { } if for while case, functions and $( ) */
    bool conditional;  /* runs only if something else says so: behind || or && of a test, in if,
                          case, loop or function; behind a plain && of the top level it is false,
                          because if the one before fails so does the step. Also behind an exit
                          that need not fail, and everywhere if the script was not understood. */
    bool tolerated;    /* the step can succeed although it failed: || or ; without set -e comes
                          behind, it is a condition, not the last of a pipeline, in $( ) */
    bool background;   /* its end is not waited for: & or <( ) */
    bool subshell;     /* inside ( ), $( ), ` ` or a pipeline: cd and variables do not last */
    bool substitution; /* inside $( ) or ` ` */
    bool negated;      /* its pipeline has a ! in front */
    VEC(struct shell_assign) assigns;
    VEC(struct shell_word) words; /* words[0] is the program; may be empty (assignments only) */
    VEC(struct shell_redirect) redirects;
};

/* What a part of the script is, and the parts it is made of. */
enum shell_node_kind {
    SHELL_NODE_LIST,         /* chains, one behind the other */
    SHELL_NODE_CHAIN,        /* pipelines joined by && and || */
    SHELL_NODE_PIPELINE,     /* commands and blocks joined by |; mostly one */
    SHELL_NODE_COMMAND,      /* a simple command, [[ ]], (( )), or a block's redirections */
    SHELL_NODE_IF,           /* lists: condition and branch by turns; one left over is else */
    SHELL_NODE_WHILE,        /* while and until: condition and body */
    SHELL_NODE_FOR,          /* for and select: body */
    SHELL_NODE_CASE,         /* clauses */
    SHELL_NODE_CLAUSE,       /* a list, or nothing */
    SHELL_NODE_GROUP,        /* { }: a list */
    SHELL_NODE_SUBSHELL,     /* ( ): a list */
    SHELL_NODE_FUNCTION,     /* its body, which is one command or block */
    SHELL_NODE_SUBSTITUTION, /* $( ), ` ` and <( ): a list */
    SHELL_NODE_BODY,         /* of a heredoc: substitutions */
};

/*
 * A part of the script. They are listed from the outside in and in order of appearance: the parts
 * of number i begin at i + 1, each one's next sister is at its `end`, the last one's is i's `end`.
 * A block's redirections are its last part. A substitution is a part of what has the word it
 * stands in. A heredoc's body is a part of whatever is being read where its lines stand.
 */
struct shell_node {
    enum shell_node_kind kind;
    enum shell_link link;     /* of a pipeline in its chain: SHELL_FIRST, SHELL_AND, SHELL_OR */
    uint32_t end;             /* the number behind its last part */
    uint32_t first, last;     /* the commands in it, [first, last); a command's own is `first` */
    uint32_t word, words_end; /* those of `others` that are a case's subject, a clause's patterns,
                                 a function's name, a loop's variable and list */
    uint32_t owner;           /* of a body: the command that reads it */
    bool negated;             /* a pipeline with ! */
    bool background;          /* a chain with & behind it; <( ) and >( ) */
    bool optional;            /* a substitution inside of ${ }, which may not be needed */
    bool falls;               /* a clause that ends in ;& or ;;& */
};

struct shell_script {
    struct str text;
    VEC(struct shell_command) commands;
    VEC(struct shell_node) nodes; /* the first is the list that is all; none if not complete */
    VEC(struct span) comments;
    VEC(struct shell_word)
    others;             /* words of no command: the names and lists of for and select,
                           subjects and patterns of case, names of functions */
    bool complete;      /* all of it was understood */
    size_t stopped_at;  /* where reading ended when not complete */
    bool uses_features; /* anything that needs a shell: more than one command, $, redirection, glob,
                           a builtin that is no program (cd, exec, export …). For what stands
                           behind an exec, read the text from its second word on. */
};

enum shell_limits { SHELL_MAX_DEPTH = 64 };

/*
 * Reads `text`, in which the line continuations of the Dockerfile have been joined already, or a
 * script with backslash-newlines of its own. A heredoc's body must be in the text, behind the line
 * that opens it: without it the script is not complete. Linear in the text's length; nesting is
 * capped at SHELL_MAX_DEPTH (deeper: not complete). Everything in the result lives in `a` or
 * borrows from `text`.
 */
struct shell_script shell_read(struct arena *a, struct str text);

/* Builds the word list of an exec form, so that both forms can be asked the same questions. All
 * words are literal and have empty spans; the strings are borrowed. */
struct shell_command shell_exec_form(struct arena *a, const struct str *args, size_t n);

#endif
