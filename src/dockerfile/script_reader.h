/*
 * Inside of the script reader: script.c (what is put together), script_scan.c (what is known before
 * the walk), script_flow.c and script_block.c (the walk), script_command.c (what one command does),
 * script_condition.c (conditions), script_id.c (words that are the user's id), script_words.c
 * (programs that run the words behind them) and script_drop.c (those that change the user).
 */
#ifndef DOCKERFILE_SCRIPT_READER_H
#define DOCKERFILE_SCRIPT_READER_H

#include "dockerfile/script.h"

/* Sets of runs. */
enum script_who { SCRIPT_NOBODY = 0, SCRIPT_ROOT = 1, SCRIPT_USER = 2, SCRIPT_BOTH = 3 };

/* A place between commands. */
struct script_state {
    unsigned possible; /* who may come here */
    unsigned certain;  /* who does, whatever the conditions before say, unless the script failed */
    unsigned sure;     /* who does if he came past `guard` */
    uint64_t known;    /* the variables (bits) that surely hold the user's id here */
    size_t guard;      /* the test that kept root away, SIZE_MAX when none did */
};

/* What a part of the script does to those who come to it. */
struct script_outcome {
    unsigned yes, no; /* who may go on behind it, it having succeeded or failed */
    unsigned left;    /* who may have left the script in it (or the subshell it is in) */
    unsigned failed;  /* … with a failure */
    unsigned back;    /* … the function it is in */
    uint64_t known_yes, known_no;
};

/* What follows when a command fails. */
enum script_care {
    SCRIPT_PLAIN,   /* the end, if set -e is on */
    SCRIPT_CHECKED, /* nothing */
    SCRIPT_FATAL,   /* the end, or something is skipped */
};

/* What was found out about a command. */
struct script_fact {
    unsigned possible, certain;
    bool fatal; /* its failure may matter to a run that is not root */
    bool own;   /* "$@" is that of the script here */
};

/* A function body was walked before, coming from there and with that result. */
struct script_memo {
    struct script_state from;
    enum script_care care;
    bool own, errexit, pipefail, shifted;
    size_t lost_functions;
    struct script_outcome to;
};

/* What a command, or the function it calls, may do that matters far away from it. */
enum script_trait {
    SCRIPT_EXITS,     /* leave the script, or the function */
    SCRIPT_FORGETS,   /* change what variables hold */
    SCRIPT_FAILS,     /* fail: all but true, echo and the like */
    SCRIPT_RUNS,      /* run what the script is for, as far as one can see: exec, "$@" */
    SCRIPT_REDEFINES, /* change what a function is */
    SCRIPT_SWITCHES,  /* switch set -e or pipefail on */
    SCRIPT_TRAITS
};

/* How many of the commands before one do. */
struct script_count {
    uint32_t n[SCRIPT_TRAITS];
};

struct script_function {
    struct str name;
    uint32_t node;
    bool top;        /* defined in the outermost list, so that whoever comes behind has it */
    bool defined;    /* the walk was there, and nothing came since that could define another */
    unsigned traits; /* those of the commands in it, bits */
    bool active;     /* being walked, as the last of the memos says */
    VEC(struct script_memo) memos;
};

enum script_id_kind { SCRIPT_ID_NONE, SCRIPT_ID_NUMBER, SCRIPT_ID_NAME };

/* A variable that is set to the user's id somewhere. */
struct script_variable {
    struct str name;
    enum script_id_kind kind;
    bool spoiled; /* it may be set to anything, one does not see when */
};

enum { SCRIPT_VARIABLES_MAX = 64 };

struct script_reader {
    struct arena *arena;
    const struct shell_script *shell;

    /* Known before the walk. */
    bool bash;       /* it has EUID and [[ ]] and == in [ ] */
    bool execfail;   /* a failed exec goes on */
    bool split;      /* IFS is changed: an unquoted number may be several words */
    bool lowers;     /* no function switches set -e, so a set +e counts */
    bool reads_more; /* eval and source occur */
    VEC(struct script_function) functions; /* by name */
    VEC(struct script_variable) variables;
    struct script_count *counts;   /* one more than commands */
    uint32_t *function_of;         /* of each command, the node of its function, 0 when in none */
    uint32_t *body_of, *body_next; /* of each command its first heredoc's node, of each node the
                                      next heredoc of that command; NULL when there is none */

    /* The walk. */
    bool bare; /* the script has no arguments */
    struct script_fact *facts;
    enum script_care care;
    bool errexit, pipefail; /* may be on */
    bool errexit_ever;
    bool errexit_sure;              /* every run has switched it on */
    bool own;                       /* "$@" is the script's */
    bool shifted;                   /* "$@" may have become empty */
    size_t lost_functions;          /* how often functions may have been redefined */
    unsigned process;               /* subshells around */
    unsigned calls;                 /* functions around */
    unsigned function_process;      /* `process` where the innermost function began */
    unsigned return_yes, return_no; /* who returned from it, and how */
    uint64_t return_known;
    size_t last_test;  /* the last command that told root from others */
    unsigned dynamic;  /* who may have called any function whatsoever */
    size_t steps_left; /* of the walk, which keeps it linear */
    bool lost;         /* it can't be told */
    enum script_refusal refusal;
    size_t refusal_at; /* the command */
};

static inline struct str script_text(const struct script_reader *r, struct span s)
{
    return str_sub(r->shell->text, s.from, s.to);
}

static inline struct script_outcome script_outcome(unsigned yes, unsigned no, uint64_t known)
{
    return (struct script_outcome){.yes = yes, .no = no, .known_yes = known, .known_no = known};
}

/* It may succeed or fail. */
static inline struct script_outcome script_either(struct script_state s)
{
    return script_outcome(s.possible, s.possible, s.known);
}

/* script_scan.c */
/* Fills in what is known before the walk. False when nothing can be: somebody redefines exit. */
bool script_scan(struct script_reader *r);
/* The functions of that name; how many. */
size_t script_functions(const struct script_reader *r, struct str name,
                        struct script_function **first);
/* One of the commands [from, to) does that. */
bool script_does(const struct script_reader *r, enum script_trait trait, size_t from, size_t to);

/* script_flow.c */
/* Walks over the script and fills in r->facts. */
void script_walk(struct script_reader *r);
/* A part of it. */
struct script_outcome script_eval(struct script_reader *r, size_t node, struct script_state s);

/* script_block.c */
/* A call of one function. */
struct script_outcome script_call(struct script_reader *r, struct script_function *f,
                                  struct script_state s, bool own);

/* script_command.c */
/* What a command does that is neither a block nor in one. `plain`: no substitution in it. */
struct script_outcome script_command(struct script_reader *r, size_t command, bool plain,
                                     struct script_state s);
/* set: its letters and names. -1 switched off, 1 on, 0 not mentioned. */
struct script_switches {
    int errexit, pipefail;
    bool arguments; /* set -- */
    bool unknown;   /* words that are not literal */
};
struct script_switches script_switches(const struct shell_command *c);
/* What the functions are is not known any more. */
void script_lose_functions(struct script_reader *r);
/* One of its redirections opens a file, which can fail. */
bool script_opens(const struct shell_command *c);
/* The first word behind exec and its options; the number of words when there is none. */
size_t script_exec_program(const struct shell_command *c);

/* script_condition.c */
/* Who may find the condition true (yes) and false (no); both for one that tells nothing. */
struct script_outcome script_test(const struct script_reader *r, const struct shell_command *c,
                                  struct script_state s);
/* Who may match and not match one pattern of a case on the user's id. */
struct script_outcome script_match(enum script_id_kind kind, const struct shell_word *pattern);

/* script_id.c */
struct script_id {
    enum script_id_kind kind;
    bool solid; /* one word, whatever happens */
};
/* What the text of a word stands for; `known`: variables. */
struct script_id script_id(const struct script_reader *r, struct str raw, uint64_t known);
/* The same for EUID, $EUID or any variable's name inside of (( )). */
enum script_id_kind script_id_variable(const struct script_reader *r, struct str name,
                                       uint64_t known);
/* Finds the variables that are set to the user's id. */
void script_id_scan(struct script_reader *r);
/* What a command makes of `known`, by the variables that it sets. */
uint64_t script_id_assign(const struct script_reader *r, const struct shell_command *c,
                          uint64_t known);
/* The variable of that name is set to anything. */
uint64_t script_id_forget(const struct script_reader *r, struct str name, uint64_t known);
/* export, local, declare, readonly, typeset. */
bool script_declares(const struct shell_command *c);

/* script_words.c */
/* The first word that is not a program whose business is to run what stands behind it. */
size_t script_skip_wrappers(const struct shell_word *words, size_t n, size_t at);
/* The word is all of the arguments: "$@", $@, "$*", ${@}. */
bool script_is_arguments(const struct script_reader *r, const struct shell_word *w);
/* What the command does with them; `at` is the word. */
enum script_arguments script_arguments(const struct script_reader *r, const struct shell_command *c,
                                       size_t *at);

/* script_drop.c */
struct script_privilege {
    size_t user;     /* the word, 0 when none */
    struct str name; /* what is in it */
    size_t command;  /* the word, 0 when none */
    const char *why; /* it must stay */
};
/* Whether words[at] begins a change of the user. */
bool script_drops(const struct shell_word *words, size_t n, size_t at, struct script_privilege *p);
/* All of them. */
void script_find_drops(struct script_reader *r, struct script *s);

#endif
