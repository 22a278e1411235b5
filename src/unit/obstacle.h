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

/* gosu USER in a start script of the build context: not needed any more. */
struct obstacle_cut {
    struct str path; /* of the script, in the context */
    struct span span;
};

/* What a start script, as root, makes or gives to its user. */
struct obstacle_given {
    struct str path; /* absolute */
    bool whole;      /* with everything in it */
};

/* A directory that a program keeps caches in. */
struct obstacle_write {
    struct str dir;  /* where it runs */
    struct str name; /* below that: "node_modules/.cache" */
};

struct obstacles {
    struct unit *unit;
    struct stage *stage;
    VEC(struct obstacle) v;
    VEC(struct obstacle_owner) owners;
    struct str
        where; /* the file and place that is being read, for messages; empty: the Dockerfile */
    struct strs data; /* absolute arguments that look like directories of data */
    struct str moved; /* where the start command goes first (cd); empty: nowhere else */
    struct str lost;  /* where it goes, when it is not known which directory that is */
    VEC(struct obstacle_write) writes; /* what the programs that start are known to write */
    VEC(struct obstacle_given) given;
    VEC(struct obstacle_cut) cuts;
    VEC(struct df_item *) children; /* the FROM of stages that have to be told to stay root */
    struct strs mounted; /* absolute: where build files of the tree mount what is kept */
    struct str program;  /* the absolute path that is started, when one is written */
    bool node;           /* node or a program of npm's starts */
    bool compiled;       /* what starts was built from the author's own code */
    bool stateless;      /* what starts makes no files but those that it is told to */
    bool base_process;   /* the base image's own process runs, unchanged */
    bool base_program;   /* the program that the base image is made for runs */
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
/* What build files of the tree mount and publish. */
void deploy_survey(struct obstacles *o);
/* Modes and owners that would keep the user out. */
void modes_survey(struct obstacles *o);
/* The same of files of the build context. */
void modes_context_survey(struct obstacles *o);
/* Packages and programs that are there to be used with privileges. */
void privileged_survey(struct obstacles *o);

#endif
