/*
 * options: one table of all options. It is what the command line is parsed by, what --help and the
 * completions print, and what says which keys a configuration file may have.
 *
 * A command accepts groups of options; what it does not accept is an error, never ignored.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/str.h"
#include "base/vec.h"

enum option_group {
    GROUP_INPUT = 1 << 0,    /* which files */
    GROUP_RULES = 1 << 1,    /* what is rewritten */
    GROUP_IDENTITY = 1 << 2, /* who the image runs as */
    GROUP_FACTS = 1 << 3,    /* what is known of images */
    GROUP_PARSE = 1 << 4,
    GROUP_IMPORT = 1 << 5,
    GROUP_FORMAT = 1 << 6,
    GROUP_COLOR = 1 << 7,
    GROUP_FILE = 1 << 8,    /* where the output goes */
    GROUP_BATCH = 1 << 9,   /* how many files are worked on */
    GROUP_ALL = 1 << 10,    /* every command has these */
    GROUP_DEPLOY = 1 << 11, /* what is done to manifests */
};

enum option_id {
    OPTION_ENGINE, /* handed to ur_options_set() under its name */
    OPTION_AS,
    OPTION_COLOR,
    OPTION_CONTEXT,
    OPTION_FACTS,
    OPTION_FILES_FROM,
    OPTION_FORMAT,
    OPTION_HELP,
    OPTION_JOBS,
    OPTION_NO_PROGRESS,
    OPTION_NULL,
    OPTION_OUTPUT,
    OPTION_PRINT,
    OPTION_QUIET,
    OPTION_VERBOSE,
    OPTION_VERSION,
};

struct option_spec {
    const char *name;
    char letter; /* 0: none */
    enum option_id id;
    enum option_group group;
    const char *value;      /* what follows it, as help shows it; NULL: it is a flag */
    const char *choices;    /* "a|b": the only values; NULL: any */
    bool config;            /* a key of .unroot.yaml, too */
    bool negatable;         /* --no-NAME takes it back */
    bool repeatable;        /* a list in .unroot.yaml */
    const char *config_key; /* when it is not the name */
    const char *help;
};

struct options_table {
    const struct option_spec *v;
    size_t n;
};

/* For VEC_EACH, in the order in which help shows them. */
struct options_table options_all(void);
/* By name without dashes; NULL when there is none. */
const struct option_spec *options_find(struct str name);
/* By the key in .unroot.yaml, among those that may stand there. */
const struct option_spec *options_find_key(struct str key);
/* Its values as "a|b" when only these are taken, else NULL. */
const char *options_choices(struct arena *a, const struct option_spec *spec);
/* The heading of a group in help. */
const char *options_heading(enum option_group group);

enum options_color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* One option for the engine, as it was given: flags have "true" or "false". */
struct option_given {
    const struct option_spec *spec;
    const char *value;
};

/* A command line, parsed. Strings borrow from argv. */
struct options {
    VEC(const char *) operands;
    VEC(struct option_given) engine;
    VEC(const char *) facts;
    const char *files_from, *output, *as, *context;
    const char *format; /* of a report; NULL: not given, or "text" */
    enum options_color color;
    unsigned jobs; /* 0: not given */
    bool null, no_progress, print, quiet, verbose, help, version;
};

/*
 * Parses what follows the command's name; `groups` are those the command accepts. Returns NULL, or
 * what is wrong, ready to print.
 */
const char *options_parse(struct arena *a, unsigned groups, char **argv, struct options *out);

/* Whether an option for the engine was given on the command line. */
bool options_has(const struct options *o, const struct option_spec *spec);

#endif
