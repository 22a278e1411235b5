/*
 * batch: many files through the engine: finds them, works on several at a time, and hands the
 * output on in the order of their paths. diff, fix and check differ only in what they make of one
 * result.
 */
#ifndef CLI_BATCH_H
#define CLI_BATCH_H

#include "base/buf.h"
#include "cli/color.h"
#include "cli/config.h"
#include "cli/deploys.h"
#include "cli/writes.h"

/* One file, while a worker has it. */
struct batch_item {
    struct arena arena;
    const struct cli *cli;
    const struct walk_input *input;
    struct color color;
    struct io_file file;
    struct ur_result *result; /* gone when the item is handed on */
    struct write_item files;  /* of the build context, that are changed with it */
    bool patches;             /* their patches belong behind the product */
    struct str rewritten;     /* the new bytes, when `write` is set */
    bool defer;               /* a port moves: it waits for what the manifests say */
    deploy_images images;     /* of a Dockerfile: what its stages become */
    deploy_moved moved;       /* of a manifest: ports of its pods that moved */
    struct strs moving;       /* Dockerfiles that it runs and that move a port */
    bool follows;             /* it is written together with them */
    struct strs stuck;        /* those of them with which it can't be changed */
    const char *stuck_why;
    bool ignored;       /* it is no manifest, or none that is wanted */
    bool write;         /* the Dockerfile and they are to be written when all is read */
    struct buf product; /* for standard output */
    struct buf log;     /* for standard error, whole lines */
    bool done;          /* nothing failed */
    bool changed;
    enum ur_answer answer;
    size_t findings;
};

/* The sums. */
struct batch_totals {
    size_t files; /* that could be handled */
    size_t changed, errors, skipped, findings;
    size_t answers[4];
    bool config_error; /* a configuration was wrong */
    bool output_error;
};

/* Makes product and log of a result that the engine could give; runs in a worker. */
typedef void batch_render(struct batch_item *item);

/* Does all inputs of the command line, says the summary (`verb`: "would change") and returns the
 * exit code for what went wrong, CODE_OK when nothing did. */
enum exit_code batch_run(struct cli *c, batch_render *render, const char *verb,
                         struct batch_totals *totals);

/* For renderers: an error that is about this file ("unroot: …" is put in front). */
void batch_fail(struct batch_item *item, const char *message);
/* For renderers: a note; not with -q. */
void batch_note(struct batch_item *item, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Adds the engine's report in this format. */
void batch_report(struct batch_item *item, struct buf *to, const char *format);

#endif
