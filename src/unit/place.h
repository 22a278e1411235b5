/* Where a stage's last switch of user goes. */
#ifndef UNIT_PLACE_H
#define UNIT_PLACE_H

#include "unit/unit.h"

struct place {
    struct df_item *change; /* a USER line with nothing behind it that makes files: change that */
    struct df_item *before; /* the ENTRYPOINT or CMD behind everything that makes files */
    struct df_item *after;  /* else the last instruction of the stage */
};

struct place place_find(const struct stage *s);

/* Inserts an instruction there; several calls keep their order. */
void place_insert(struct unit *u, struct place *p, struct str comment, struct str text);

/* Writes USER `user` there, or changes the USER line that is there. */
void place_user(struct unit *u, struct place *p, struct str comment, struct str user);

#endif
