/*
 * What stands between a stage and a non-root user. Each obstacle either refuses the rewrite or
 * makes it rest on an assumption that a person has to confirm.
 */
#ifndef UNIT_OBSTACLE_H
#define UNIT_OBSTACLE_H

#include "unit/unit.h"

/* What a stage that listens below 1024 rests on as long as its ports stay. */
#define OBSTACLE_LOW_PORT "whatever runs the container lets a non-root user listen below 1024"

struct obstacle {
    bool refuse;
    const char *reason;       /* reason code: templates/reasons */
    const struct df_item *at; /* NULL: the stage as a whole */
    const char *message;
    const char *assumption; /* of a review */
};

/* Somebody a RUN step gives files to. */
struct obstacle_owner {
    struct str name; /* as written: a name or a number */
    const struct df_item *at;
};

struct obstacles {
    struct unit *unit;
    struct stage *stage;
    VEC(struct obstacle) v;
    VEC(struct obstacle_owner) owners;
    struct strs data;   /* absolute arguments that look like directories of data */
    struct str moved;   /* where the start command goes first (cd); empty: nowhere else */
    struct str program; /* the absolute path that is started, when one is written */
    bool compiled;      /* what starts was built from the author's own code */
    bool base_process;  /* the base image's own process runs, unchanged */
    bool base_program;  /* the program that the base image is made for runs */
};

/* Adds one. A second one with the same reason and assumption is left out. */
void obstacle_refuse(struct obstacles *o, const char *reason, const struct df_item *at,
                     const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void obstacle_review(struct obstacles *o, const char *reason, const struct df_item *at,
                     struct str assumption, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* All of them, for a stage that would run as root. */
struct obstacles obstacle_survey(struct unit *u, struct stage *s);

/* The first that refuses, else the first; NULL when there is none. */
const struct obstacle *obstacle_deciding(const struct obstacles *o);

/* A stranger's text for a message. */
const char *obstacle_text(struct obstacles *o, struct str s);

/* What ENTRYPOINT and CMD start. */
void process_survey(struct obstacles *o);
/* What lies in root's home. */
void home_survey(struct obstacles *o);
/* Modes and owners that would keep the user out. */
void modes_survey(struct obstacles *o);

#endif
