/*
 * command: what `unroot NAME` does. One file each, cmd_<name>.c, which defines
 * `const struct command command_<name>`; the Makefile writes the registry from the folder.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/options.h"

/* What the program ends with. A bug ends it with 70, see base/bug.h. */
enum exit_code {
    CODE_OK = 0,
    CODE_FOUND = 1, /* diff: there are changes; check: there are findings */
    CODE_USAGE = 2, /* usage or configuration */
    CODE_INPUT = 3, /* some input could not be handled, or the output not be written */
};

/* One run of a command. */
struct cli {
    struct arena *arena; /* lives as long as the program */
    const struct command *command;
    const struct options *options;
};

struct command {
    const char *name;
    unsigned rank;        /* its place in the list of --help */
    const char *operands; /* as usage shows them: "[PATH...]" */
    const char *summary;  /* one line, lower case */
    const char *about;    /* a paragraph or more for its own --help; lines are wrapped */
    /* Operands that completion offers, blank-separated; NULL: it offers files. */
    const char *(*words)(struct arena *a);
    unsigned groups;       /* the options it takes */
    unsigned max_operands; /* 0: any number */
    bool needs_operand;
    enum exit_code (*run)(struct cli *c);
};

/* All commands by name. Generated: build/gen/commands.c. */
extern const struct command *const command_registry[];
extern const size_t command_count;

/* By name; NULL when there is none. */
const struct command *command_find(struct str name);
/* The nearest name for what is none: " (did you mean 'check'?)" or "". */
const char *command_suggest(struct arena *a, struct str name);
/* All commands by rank, for lists. */
const struct command **command_by_rank(struct arena *a);

#endif
