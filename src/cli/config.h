/*
 * config: what holds for an input: the command line, and the .unroot.yaml nearest upward from it.
 *
 * The search ends at the root of the input's repository; outside of one, at the working directory
 * if the input is below it, else at the folder that was named. An option of the command line
 * replaces the same one of the file. Each file gives one sealed options object for the engine.
 */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "cli/cli.h"
#include "cli/facts_files.h"
#include "repo/walk.h"
#include "unroot.h"

#define CONFIG_NAME ".unroot.yaml"

struct config {
    const char *path;       /* of the file, as shown; NULL: there is none */
    struct str folder;      /* the absolute folder that it holds for */
    const char *error;      /* NULL, or what is wrong with it, ready to print */
    bool reported;          /* for the user of the error */
    bool images_given;      /* what it says of images is taken */
    VEC(struct str) ignore; /* globs, relative to the folder */
    VEC(struct io_path) facts;
    struct facts_files own_facts; /* what these paths have */
    struct ur_options *options;   /* sealed; NULL after an error */
};

struct config_level;

struct configs {
    const struct cli *cli;
    struct str cwd;
    struct facts_files facts;        /* of the command line */
    struct config base;              /* the command line alone */
    VEC(struct config_level) levels; /* the folders above the last input, from the top */
    VEC(struct config *) all;
};

/* Checks the command line. NULL, or what is wrong with it; then nothing else may be called but
 * configs_release(). */
const char *configs_init(struct configs *cs, const struct cli *c);
/* What holds for the input; never NULL. Inputs that come sorted by path cost least. */
struct config *configs_find(struct configs *cs, const struct walk_input *in);
/* The configuration says that this input is to be left alone. Named ones never are. */
bool config_ignores(const struct configs *cs, const struct config *c, const struct walk_input *in);
void configs_release(struct configs *cs);

#endif
