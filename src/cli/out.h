/*
 * out: where the product goes, standard output or the file of -o.
 *
 * A file is written beside its destination and renamed at the end: nobody sees half of it. What
 * goes wrong is said once, when it is closed; a reader that closed the pipe is no reason to talk.
 */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include "cli/cli.h"

struct out;

/* By the options of the run. NULL after a message when the file can't be made. */
struct out *out_open(const struct cli *c);
/* The same for a file of this name; NULL is standard output. */
struct out *out_open_file(const struct cli *c, const char *path);
void out_write(struct out *o, struct str bytes);
/* Nothing more can be written: it makes no sense to go on. */
bool out_failed(const struct out *o);
/* Hands on what is buffered, so that it comes before what is said next on the same terminal. */
void out_flush(struct out *o);
/* Writes the rest, gives the file its name. False when anything was lost; that was said. */
bool out_close(struct out *o);
/* In place of out_close(): a file that was there stays as it was. */
void out_drop(struct out *o);
/* The product goes to a terminal. */
bool out_is_terminal(const struct out *o);

#endif
