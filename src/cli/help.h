/* help: the texts of --help, made from the tables of commands and options. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "base/buf.h"
#include "cli/command.h"

/* `unroot --help`. */
struct str help_program(struct arena *a);
/* `unroot COMMAND --help`. */
struct str help_command(struct arena *a, const struct command *c);

/* Appends words and a line end, wrapped to lines that begin at column `indent`; the first of them
 * has got to column `at`. */
void help_wrap(struct buf *b, size_t at, size_t indent, struct str text);

#endif
