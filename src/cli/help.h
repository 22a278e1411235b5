/* help: the texts of --help, made from the tables of commands and options. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/command.h"

/* `unroot --help`. */
struct str help_program(struct arena *a);
/* `unroot COMMAND --help`. */
struct str help_command(struct arena *a, const struct command *c);

#endif
