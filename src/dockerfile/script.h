/*
 * What a container's start script does when the container does not run as root.
 *
 * The script is walked along its structure for two runs at once: one as root, one as a user whose
 * uid is not 0. A test of the uid sends them different ways, any other condition sends both both
 * ways; exec, exit and return end them. What is left is who may come to each command. A command is
 * SCRIPT_ROOT_ONLY only if no way of a non-root run leads there; whatever can't be told is
 * SCRIPT_MAYBE.
 *
 * The text alone is looked at. Files that it sources, texts for eval or another shell and what
 * programs do are steps for the caller to judge; they are trusted not to change what exit, test and
 * id mean. A run "that gets there" is one in which nothing failed before so that the script ended.
 *
 * The script is one that is started. A file that another one sources must not be read with this:
 * its functions are called, and FUNCNAME and BASH_SOURCE say so, from where nobody sees it here.
 */
#ifndef DOCKERFILE_SCRIPT_H
#define DOCKERFILE_SCRIPT_H

#include "dockerfile/shell.h"

enum script_reach {
    SCRIPT_NEVER,        /* no run gets here: behind an exec, in a function that nobody calls */
    SCRIPT_ROOT_ONLY,    /* a run with uid 0 may, no other does */
    SCRIPT_MAYBE,        /* it depends on something that is not known */
    SCRIPT_NONROOT_ONLY, /* every non-root run gets here, none with uid 0 does */
    SCRIPT_ALWAYS,       /* every non-root run gets here, one with uid 0 may */
};

/* What a command does with the script's own arguments, "$@". */
enum script_arguments {
    SCRIPT_ARGUMENTS_NONE,
    SCRIPT_ARGUMENTS_GIVEN, /* they are among the words of a program or function */
    SCRIPT_ARGUMENTS_SET,   /* set -- x "$@" */
    SCRIPT_ARGUMENTS_RUN,   /* they are the program: "$@", exec "$@", exec gosu app "$@",
                               exec tini -- "$@" */
};

struct script_step {
    const struct shell_command *command;
    size_t index; /* of the command in the shell script, and of the step */
    size_t line;  /* from 1 */
    enum script_reach reach;
    enum script_reach reach_bare; /* the same when the script gets no arguments at all: then
                                     exec "$@" does nothing, and what stands behind it runs */
    bool tolerated;   /* its failure in a non-root run neither ends the script nor makes it skip
                         what is joined to it by && (no set -e in force, || true, a condition) */
    bool replaces;    /* exec with a program, not in a subshell: nothing behind it runs */
    bool in_function; /* in the body of `function` */
    struct str function;
    enum script_arguments arguments;
    size_t arguments_at; /* the word that "$@" is or is in; those before stand in front of it */
};

/* gosu, su-exec, setpriv, su, runuser, chroot --userspec, s6-setuidgid, sudo -u and the like. */
struct script_drop {
    size_t step;
    struct str program; /* "gosu" */
    struct str user;    /* as written; empty when none is named */
    size_t program_at;  /* its word */
    size_t command_at;  /* the first word of what runs as that user; 0 when that is no word */
    bool reached;       /* by a run that is not root, maybe or for sure */
    bool restarts;      /* what runs is this script again: $0, $BASH_SOURCE */
    bool cuttable;      /* without `cut` the same command runs as whoever runs the script */
    struct span cut;    /* from the program to the command */
    const char *why;    /* not cuttable: "hands its command to a shell as text" */
};

enum script_refusal {
    SCRIPT_TAKES_NONROOT,
    SCRIPT_MAY_REFUSE_NONROOT, /* in some case or other */
    SCRIPT_REFUSES_NONROOT,    /* exit 1 when the uid is not 0 */
};

struct script {
    struct shell_script shell;
    struct str interpreter; /* all behind #!, or what the caller gave */
    struct str name;        /* the shell's name, "bash"; empty when it is none */
    bool complete;          /* all of it was understood; otherwise every step is SCRIPT_MAYBE */
    bool errexit;           /* every run switches set -e on */
    VEC(struct script_step) steps; /* one for each command, in order of the text */
    VEC(struct script_drop) drops;
    enum script_arguments arguments; /* the most that a non-root run does with them */
    bool ends_in_arguments;          /* every non-root run ends in exec "$@" */
    bool changes_arguments;          /* set -- and shift occur: "$@" is not what it was */
    enum script_refusal refusal;
    size_t refusal_line; /* of the test that leads to it, or of the exit */
};

/* Reads a script that is run by what its #! says, sh when it has none. Linear in the text's
 * length. What is returned lives in `a` or borrows from `text`. */
struct script script_read(struct arena *a, struct str text);

/* The same for one that is run as `interpreter` says ("bash -e"): ENTRYPOINT ["bash", "x.sh"]. */
struct script script_read_by(struct arena *a, struct str text, struct str interpreter);

/* The text without `drop->cut`, of which it was made sure that it reads like the old one but for
 * the words that are gone. STR_NULL when the drop is not cuttable, or that can't be shown. */
struct str script_cut_drop(struct arena *a, const struct script *s, const struct script_drop *drop);

#endif
