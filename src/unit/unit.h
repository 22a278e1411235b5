/*
 * One input being worked on: its bytes, its parsed form, what is known of its images, what was
 * found and what was changed. Everything lives in the unit's arena.
 *
 * Passes change the list only through unit_insert_before() and its sisters: they declare each
 * change, and the gate accepts nothing that was not declared.
 */
#ifndef UNIT_UNIT_H
#define UNIT_UNIT_H

#include "context/context.h"
#include "dockerfile/list.h"
#include "dockerfile/stage.h"
#include "knowledge/facts.h"
#include "text/span.h"
#include "unit/settings.h"
#include "unroot.h"

enum delta_kind {
    DELTA_INSERT, /* an instruction behind the one with `ordinal` (-1: before all) */
    DELTA_FLAG,   /* flag `name` set to `text` */
    DELTA_ARGS,   /* everything behind keyword and flags replaced by `text` */
    DELTA_WORD,   /* `text` put at offset `at` of the logical text behind keyword and flags */
    DELTA_REMOVE, /* the instruction is taken out, and the comment lines `text` above it */
    DELTA_PORT,   /* the number of a port: `text` in place of `old` at that offset. Where no number
                     was written, `old` is empty and `text` a colon and the number */
};

/* One declared change. */
struct delta {
    enum delta_kind kind;
    const char *rule;
    long ordinal;
    const char *name;
    struct str text;
    struct str comment; /* the comment line above, without "# " */
    size_t at;
    struct str old;
};

/* One declared change of a file of the build context: `with` in place of the bytes `old`. */
struct file_edit {
    const char *rule;
    struct str path; /* in the context */
    struct span old;
    struct str with;
};

/* The account that a stage will run as. */
struct identity {
    struct str name; /* "" when only the numbers are known */
    struct str group;
    struct str home;
    uint32_t uid, gid;
    bool gid_known; /* false: the account's group has another number, which is not known; gid is uid
                     */
};

struct ports;   /* unit/port.h */
struct split;   /* split/split.h */
struct swap;    /* unit/swap.h */
struct webconf; /* unit/webconf.h */

/* What is decided for one stage. */
struct plan {
    bool shipped;
    enum ur_answer answer;
    const char *reason;    /* of review and refused */
    bool decided;          /* nonroot-user has looked at it */
    bool harden;           /* a switch of user is (to be) written */
    bool written;          /* it was written */
    struct identity user;  /* who it will run as */
    struct str user_after; /* the same, as the rewrite has it; "" when nothing is (to be) changed */
    struct str user_before; /* as in the image's config; "" is root */
    bool user_before_known;
    struct df_item *place;   /* the switch goes before this one; NULL: to the end of the stage */
    struct strs writable;    /* directories given to the user */
    struct strs given_whole; /* those of them that are given with all that is in them, at the end */
    struct ports *ports;     /* what is known of its ports below 1024; NULL: not asked */
    struct webconf *webconf; /* of the web server it builds on; NULL: not read */
    struct swap *swap;       /* another image to build on; NULL: none */
    const struct split *split; /* it became a build stage, or runs on a distroless image: nobody
                                  else changes it; NULL: neither */
    unsigned stages_behind; /* that the split puts behind it; the last of them is what is shipped */
    bool git_looked;        /* tree.c: last_git is known */
    const struct stage_step *last_git; /* the last step that may ask git about its tree */
    struct npm_seen *npm;              /* npm.c: where npm works; NULL: not looked at */
};

struct unit {
    struct arena *arena;
    const struct settings *settings;
    struct str path;
    struct df_list *list;
    struct stage_graph *graph;
    const struct ur_build *build; /* what is known of how it is built; may be NULL */
    struct context *context;      /* NULL: the build context is not known */
    const char *rule, *refs;      /* of the pass that runs */
    struct plan *plans;           /* one a stage */
    VEC(struct ur_finding) findings;
    VEC(struct delta) deltas;
    VEC(struct file_edit) file_edits;
    bool silent; /* the running pass only decides: its edits are not wanted */
    bool ship_chosen;
};

/* A unit for a list that df_check() has accepted. `build` may be NULL. */
struct unit *unit_new(struct arena *a, const struct settings *s, struct str path,
                      struct df_list *list, const struct ur_build *build);

/* What is known of the image at the root of the stage; NULL when nothing is. */
const struct facts *unit_facts(const struct unit *u, const struct stage *s);

/* "1000:1000", or "10001" for an account whose group's number is not known. */
struct str unit_identity(const struct unit *u, const struct identity *id);

/* Does a RUN step of the stage, or of one that it builds on, have this text in it? */
bool unit_run_says(struct unit *u, struct stage *s, struct str text);

/* ---- findings ---- */

/* Adds a finding of the running pass at an instruction (NULL: the whole file). printf-like message.
 */
struct ur_finding *unit_find(struct unit *u, enum ur_level level, const struct df_item *at,
                             const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* ---- edits, made and declared ---- */

struct df_item *unit_insert_before(struct unit *u, struct df_item *at, struct str comment,
                                   struct str text);
struct df_item *unit_insert_tight(struct unit *u, struct df_item *at, struct str comment,
                                  struct str text);
struct df_item *unit_insert_after(struct unit *u, struct df_item *at, struct str comment,
                                  struct str text);
void unit_flag_set(struct unit *u, struct df_item *item, const char *name, struct str value);
void unit_args_set(struct unit *u, struct df_item *item, struct str text);
/* Takes an instruction out, with the comment lines directly above it. */
void unit_remove(struct unit *u, struct df_item *item);
/* Replaces bytes of a file of the build context, which must have been read. */
void unit_file_edit(struct unit *u, struct str path, struct span old, struct str with);
/* Puts `text` into the instruction's argument text at a logical offset (RUN: into a command). */
void unit_word_insert(struct unit *u, struct df_item *item, size_t at, struct str text);

/* Replaces the number of a port in the argument text; `old`, which no line end may break up, may be
 * empty, see DELTA_PORT. Of several in one instruction the last is written first. */
void unit_port_set(struct unit *u, struct df_item *item, size_t at, struct str old,
                   struct str text);

/* Replaces the argument of a USER line, with a comment above it. */
void unit_user_set(struct unit *u, struct df_item *item, struct str comment, struct str text);

/* Joins shell commands with && in the style of the file's own RUN steps; "RUN " is not included. */
struct str unit_join_commands(struct unit *u, const struct strs *commands);

/* The finding is fixed: adds a why-comment when those are wanted. */
struct str unit_comment(struct unit *u, struct str text, const char *why);

#endif
