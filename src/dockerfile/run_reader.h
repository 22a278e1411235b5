/*
 * Inside of run.c: what the recognisers share. A recogniser gets a program's words, words[0] being
 * the program, and adds effects.
 */
#ifndef DOCKERFILE_RUN_READER_H
#define DOCKERFILE_RUN_READER_H

#include "dockerfile/run.h"

struct run_reader {
    struct arena *arena;
    struct run_effects *out;
    const struct shell_command *current; /* in `out->script` or in an inner script */
    size_t command;                      /* its number, or that of the one it is inside of */
    bool certain, inner;
    bool braces;      /* the shell is known to expand {a,b} */
    bool whole;       /* the script is this one command */
    unsigned nesting; /* wrappers and inner scripts that were looked through */
};

/* The words of one program. */
struct run_words {
    const struct shell_word *v;
    size_t n;
};

static inline struct run_words run_words_from(struct run_words w, size_t i)
{
    return i < w.n ? (struct run_words){w.v + i, w.n - i} : (struct run_words){NULL, 0};
}

/* run.c */
/* A new effect of the program; the pointer is good until the next one is added. */
struct run_effect *run_add(struct run_reader *r, enum run_kind kind, struct run_words w);
/* Adds an operand, or several when it is a simple {a,b}. */
void run_operand(struct run_reader *r, struct run_effect *e, struct shell_word w);
/* Adds all words as they are. */
void run_operands(struct run_reader *r, struct run_effect *e, struct run_words w);
/* Recognises a program, whatever it is. No words: nothing. */
void run_program(struct run_reader *r, struct run_words w);
/* The same for a script that the program runs. */
void run_inner(struct run_reader *r, struct str text, bool braces);
/* Any other program. */
void run_other(struct run_reader *r, struct run_words w);
/* A literal number of a user or group, else -1. */
int64_t run_number(struct shell_word w);
/* "/usr/bin/x" is "x"; a program that is not literal stays as written. */
struct str run_basename(struct shell_word w);
/* Splits "a:b" at the first `c` that is not in ${ } or $( ); false when there is none. */
bool run_split(struct str s, char c, struct str *before, struct str *after);

/* run_option.c */
struct run_long {
    const char *name;
    char letter; /* what it is reported as */
    bool argument;
};

/* What run_option_next returns besides letters. */
enum { RUN_END = 0, RUN_OPERAND = 1, RUN_UNKNOWN = 2 };

struct run_options {
    struct run_words words; /* behind the program */
    const char *shorts;     /* letters: "a" plain, "b:" with an argument, "c?" with one attached */
    const struct run_long *longs; /* ends with a NULL name; NULL: none */
    size_t at;                    /* the next word */
    struct str cluster;           /* what is left of -abc */
    bool plain;                   /* behind -- */
    struct shell_word word;       /* the operand, or the option's argument */
};

struct run_options run_options_of(struct run_words w, const char *shorts,
                                  const struct run_long *longs);
/* The next option's letter or one of the above; o->word is its argument or the operand. */
int run_option_next(struct run_options *o);
/* The words not read yet, the operand just returned included. */
struct run_words run_options_rest(const struct run_options *o);

typedef void run_recogniser(struct run_reader *r, struct run_words w);

/* run_user.c */
run_recogniser run_useradd, run_groupadd, run_adduser, run_addgroup, run_usermod, run_groupmod,
    run_userdel, run_gpasswd, run_passwd, run_chsh;

/* run_account.c */
run_recogniser run_sed;
/* The command writes into /etc/passwd or /etc/group. `append`: >>. */
void run_account_file(struct run_reader *r, struct run_words w, struct shell_word file, bool append,
                      struct str heredoc);

/* run_path.c */
run_recogniser run_chown, run_chgrp, run_chmod, run_mkdir, run_install, run_rm, run_mv, run_ln,
    run_touch, run_tee, run_cd, run_umask;
/* The redirections of the current command; `w` is its program, if any. */
void run_redirects(struct run_reader *r, struct run_words w);

/* run_package.c */
run_recogniser run_apt, run_install_packages, run_apk, run_yum, run_zypper, run_pacman, run_dpkg,
    run_rpm;

/* run_wrap.c */
run_recogniser run_sudo, run_env, run_exec, run_time, run_nice, run_timeout, run_busybox, run_shell,
    run_eval, run_xargs, run_find, run_gosu, run_setpriv, run_su, run_chpst, run_start_stop_daemon,
    run_command;

#endif
