/*
 * A stage that becomes a build stage, with a last stage behind it that has what runs and nothing
 * else: no shell, no package manager. Or, where nothing is built in it, a stage that gets another
 * base image.
 *
 * Only what is proven is done. A wrong split builds, and breaks when it runs: what is not seen
 * through is refused, or rests on a named assumption (review). Then the stage is left to the
 * other passes, as if no split had been asked for.
 *
 * See shape.h for how a kind of program is added.
 */
#ifndef SPLIT_SPLIT_H
#define SPLIT_SPLIT_H

#include "knowledge/distroless.h"
#include "unit/obstacle.h"

struct shape;

/* One COPY of the last stage. */
struct split_copy {
    struct str from;   /* a stage's name; "": the author's */
    struct str source; /* absolute, there */
    struct str dest;   /* absolute: a folder's content goes into it, a file is it */
    bool owned;        /* given to the user */
};

struct split {
    struct unit *u;
    struct stage *s; /* the author's */
    const struct shape *shape;
    struct distroless data, common; /* the shape's, everybody's */
    struct obstacles o;             /* what stands in the way, and what it rests on */

    /* What starts, as words. A shell form that needs no shell is one of words by now. */
    struct strs entrypoint, cmd, words; /* `words`: both */
    const struct df_item *at;           /* the instruction, for messages */
    bool reformed;                      /* they are not as the author wrote them */
    struct strs variables; /* java $JAVA_OPTS …: variables with options, which are left out */
    bool had_init;         /* an init program was left out */

    /* What the shape has said. */
    struct str image;              /* to build on; "": nothing was said */
    VEC(struct split_copy) copies; /* in this order */
    struct strs dirs;              /* absolute: the user must be able to write to them */
    struct strs stages;            /* instructions of stages in front of the last one */
    struct str rebase;             /* another image for the author's stage; "": none */
    struct strs env;               /* NAME=VALUE */
    bool may_write;                /* it may write to its working directory */
    bool knows_code;               /* all of its code was read, or is listed */
    bool reads_nothing;            /* it opens no files */
    bool no_children;              /* it starts no other programs */
    bool picks;    /* of the files that come along with its sources it needs those that are none */
    bool compiled; /* what starts was made by a compiler, executable */
    bool starts_anew; /* new_entrypoint and new_cmd are the start */
    struct strs new_entrypoint, new_cmd;

    size_t looks; /* how often the shape has read files for a step */

    /* What the rest has found. */
    struct str zone;         /* the time zone that a link has set; "": none */
    struct strs early, late; /* instructions that are carried: ENV and ARG, all others */
    struct str health;       /* the HEALTHCHECK; "": none that runs a program */
    bool health_anew;        /* it was a shell form */
    bool in_place;           /* only the base image is changed */
    struct stage *donor;     /* where empty folders come from; NULL: they can't be had */
    struct strs empties;     /* absolute: owned folders that are made empty */
    struct str name;         /* by which the last stage copies from the author's */
    struct str new_name;     /* of the last stage; "": none */
};

/* ---- for shapes ---- */

/* It can't be done. `at` may be NULL. */
void split_refuse(struct split *sp, const char *reason, const struct df_item *at, const char *fmt,
                  ...) __attribute__((format(printf, 4, 5)));
/* It can, if the assumption holds. */
void split_review(struct split *sp, const char *reason, const struct df_item *at,
                  struct str assumption, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* Takes back what the common survey of the stage has found, because the shape knows better. */
void split_forgive(struct split *sp, const char *reason);

/* Builds on the image of the data with this variant and version ("" where there are none); false,
 * and refused, when the release has none. */
bool split_image(struct split *sp, const char *variant, struct str version);
/* Copies from the author's stage to the same path. Each path once. */
void split_copy(struct split *sp, struct str path, bool owned);
void split_copy_from(struct split *sp, struct split_copy copy);
/* A directory that is there, empty if nothing is copied to it, and is the user's. */
void split_own(struct split *sp, struct str dir);
/* What starts, in place of sp->entrypoint and sp->cmd. */
void split_start(struct split *sp, struct strs entrypoint, struct strs cmd);
void split_stage_line(struct split *sp, struct str instruction);
void split_rebase(struct split *sp, struct str image);
void split_env(struct split *sp, struct str name, struct str value);

/* Is the path copied, by itself or in a folder? */
bool split_covers(const struct split *sp, struct str path);
/* The absolute path of a word of the start command. */
struct str split_path(const struct split *sp, struct str word);
/* Which version of the runtime the author's stage has, by the `origins` of the data; "" when that
 * is not known. */
struct str split_version(struct split *sp);
/* "a, b and c" for messages, strangers' text made safe. */
const char *split_text(struct split *sp, struct str s);

/* ---- sources of the build context (sources.c) ---- */

/* Calls each() with every file of the build context whose name ends so, in sorted order; not those
 * in folders that begin with a dot. False when not all could be seen, or there is no context. */
bool split_sources(struct split *sp, const char *const *ends,
                   void (*each)(void *ctx, struct str path, struct str text), void *ctx);

/* ---- the parts, in the order in which split.c calls them ---- */

/* start.c: fills in entrypoint, cmd and words. False, and refused, when that can't be. */
bool start_read(struct split *sp);
/* The words of a shell's text, if it is one command that needs no shell. */
bool start_plain_words(struct split *sp, struct str text, struct strs *out);
/* carry.c: what is carried over; words as an exec form. */
void carry_all(struct split *sp);
/* In quotes where it needs them; false when it can't stand on one line. */
bool carry_quoted(struct split *sp, struct str text, struct str *out);
struct str carry_json(struct split *sp, const struct strs *words);
/* write.c: the names of the author's stage and of the last one; the split itself. */
void write_names(struct split *sp);
/* A name for a further stage: "build", "build-2" … */
struct str write_free_name(struct split *sp, const char *wanted);
void write_split(struct split *sp);
/* Once all stages were written: numbers of stages that have others in front of them now. */
void write_numbers(struct unit *u);

/* split.c: decides for one shipped stage, and writes it. */
void split_stage(struct unit *u, struct stage *s);

#endif
