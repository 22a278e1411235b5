/*
 * stop: a signal that ends the program, held back until everything is cleaned up. While it is
 * watched for, SIGINT, SIGTERM and SIGHUP wait; whoever runs a child asks now and then.
 */
#ifndef VERIFY_STOP_H
#define VERIFY_STOP_H

#include <signal.h>
#include <stdbool.h>

struct stop {
    int fd;          /* readable when a signal has come; -1: none is watched for */
    int signal;      /* the first that came, 0: none */
    bool ignored;    /* while cleaning up: further signals change nothing */
    sigset_t before; /* what was blocked */
};

/* To be called on the only thread. A signal that is ignored stays ignored. */
void stop_watch(struct stop *s);
/* Has one come? Never while `ignored`. */
bool stop_asked(struct stop *s);
/* Lets signals through again. If one came it is sent again, which ends the program. */
void stop_end(struct stop *s);

#endif
