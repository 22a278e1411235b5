/*
 * places: which folders may be the build context of an input, best first: the one of --context,
 * else the Dockerfile's own and those above it, up to the folder that was named on the command
 * line.
 */
#ifndef CLI_PLACES_H
#define CLI_PLACES_H

#include "cli/cli.h"
#include "cli/trees.h"
#include "repo/folder.h"

enum { PLACES_MAX = 8 };

struct places {
    struct folder folders[PLACES_MAX];
    struct ur_context contexts[PLACES_MAX];
    VEC(const char *) targets;
    VEC(struct ur_build_arg) args;
    VEC(struct ur_build_mount) mounts;
    VEC(struct ur_build_port) ports;
    struct ur_build build; /* the same for the engine */
    const struct trees *trees;
};

/* None for standard input without --context. To be released. */
void places_find(struct places *p, struct arena *a, const struct cli *c, const struct trees *t,
                 const struct walk_input *in);
void places_release(struct places *p);

#endif
