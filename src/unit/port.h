/*
 * Ports below 1024 that a stage listens on: where each of them is written, and what would have to
 * change so that the program listens on another one.
 *
 * It is all or nothing. When one place is not seen, or its number can't be replaced, no port of the
 * stage moves, and `stays` says which place that is.
 */
#ifndef UNIT_PORT_H
#define UNIT_PORT_H

#include "unit/obstacle.h"

struct port_move {
    uint32_t from, to;
};

/* Digits to be replaced. */
struct port_edit {
    struct df_item *item; /* in the argument text of this instruction, or, when NULL, */
    struct str path;      /* in this file of the context */
    size_t at;
    struct str old, with; /* `old` may be empty, see DELTA_PORT */
};

struct ports {
    VEC(struct port_move) moves;
    VEC(struct port_edit) edits;
    struct strs commands;     /* of a RUN step: they move ports in files of the base image */
    struct strs variables;    /* NAME=value: variables of the base image with other numbers */
    struct str directories;   /* variables, NAME=value each: where the server keeps its pid file and
                                 locks; empty: as it is */
    struct str variable;      /* it moves if the program listens where this says; empty: no if */
    struct str key;           /* a private key that the server reads; empty: none is named */
    bool shows_port;          /* redirects of the server name the port that it listens on */
    bool none_low;            /* all is seen, and nothing listens below 1024 */
    const char *stays;        /* why nothing moves; NULL: it does */
    const struct df_item *at; /* the place that is in the way; NULL: the stage as a whole */
};

/* Looks for them. Changes nothing. */
struct ports *port_survey(struct unit *u, struct stage *s);

/* Is a port below 1024 among the obstacles? */
bool port_is_asked(const struct obstacles *o);
/* The obstacles that ports below 1024 are become what they are with the move. */
void port_explain(struct obstacles *o, const struct ports *p);

/* Does anything move? */
bool port_moves(const struct ports *p);

/* Writes what stands before all else of the stage: variables, and a RUN step as root. */
void port_write_front(struct unit *u, struct stage *s, const struct ports *p, bool commands);
/* Writes the rest. */
void port_write(struct unit *u, const struct ports *p);

#endif
