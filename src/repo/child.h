/*
 * child: starts a program and reads what it says, until a moment that the caller sets.
 *
 * No shell. Signals are as a program expects them at its start. Descriptors of ours are closed in
 * it, because all of them are opened with O_CLOEXEC.
 */
#ifndef REPO_CHILD_H
#define REPO_CHILD_H

#include <sys/types.h>

#include "base/buf.h"

struct child_plan {
    const char *program; /* absolute */
    char **argv, **env;
    int in;        /* its standard input; -1: none */
    bool pipe_in;  /* instead: a pipe, to talk with it */
    bool mute;     /* its standard error goes nowhere */
    bool attached; /* it gets a session of its own, so that nothing asks on the terminal, and does
                      not outlive us */
};

struct child {
    pid_t pid;
    int in, out, err; /* our ends; -1 when there is none */
    bool group;       /* it leads a group */
};

/* 0 or an errno. */
int child_start(struct child *c, const struct child_plan *plan);
/* Asks it to end; `hard`: ends it. */
void child_kill(const struct child *c, bool hard);
/* Closes what is open and waits. The status of waitpid(), -1 when it can't be told. */
int child_wait(struct child *c);

/* Milliseconds of a clock that only goes forward. */
uint64_t child_now(void);
/* How long poll() may wait for a moment of that clock; 0: for ever, -1. */
int child_left(uint64_t deadline);

#endif
