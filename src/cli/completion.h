/* completion: scripts for shells, written from the tables of commands and options. */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "cli/command.h"

struct str completion_bash(struct arena *a);
struct str completion_zsh(struct arena *a);
struct str completion_fish(struct arena *a);

/* What follows an option, as far as completion can help. */
enum completion_value { COMPLETION_NONE, COMPLETION_FILE, COMPLETION_CHOICE, COMPLETION_ANY };

enum completion_value completion_value(struct arena *a, const struct option_spec *s);
/* The command takes this option. */
bool completion_accepts(const struct command *c, const struct option_spec *s);

#endif
