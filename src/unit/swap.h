/*
 * Another base image in place of one that runs as root: the same program, made to run as a user of
 * its own.
 */
#ifndef UNIT_SWAP_H
#define UNIT_SWAP_H

#include "unit/obstacle.h"
#include "unit/owned.h"
#include "unit/port.h"

struct swap {
    struct str from, image; /* "nginx:1.27", "nginxinc/nginx-unprivileged:1.27" */
    struct str user;        /* as in its config */
    struct strs commands;   /* for a RUN step as root behind all others */
};

/* NULL: none, or the stage would not be the same on it. Changes nothing. */
struct swap *swap_find(struct unit *u, struct stage *s, const struct obstacles *o,
                       const struct ports *p);

/* Of what the user is to be given, takes out what the other image has given to it already. False
 * when a volume is among the rest: such a stage stays where it is. */
bool swap_owned(struct unit *u, struct stage *s, struct owned *owned);

/* Writes FROM, and the switch to root and back around the steps that were written for root. */
void swap_write(struct unit *u, struct stage *s, const struct swap *swap);

#endif
