/*
 * trees: what the build files above the inputs (Compose, Bake, Skaffold) say of how they are built.
 * Each folder is listed once, before the work begins; afterwards the index is only read.
 */
#ifndef CLI_TREES_H
#define CLI_TREES_H

#include "cli/cli.h"
#include "dockerfile/stage.h"
#include "repo/builds.h"
#include "repo/images.h"
#include "repo/walk.h"

/* One build of a Dockerfile, with paths as they are shown. */
struct tree_build {
    struct str dockerfile;
    struct str context; /* "" or ends with '/' */
    struct str file;    /* that says so */
    const struct build *build;
};

struct trees {
    const struct cli *cli;
    struct arena *arena;
    VEC(struct str) folders; /* that were looked at, sorted while they are added in order */
    VEC(struct tree_build) builds;
    bool wants_images;               /* manifests will ask for their Dockerfiles */
    struct images images;            /* what they are told */
    VEC(struct images_claim) claims; /* the same by Dockerfile */
};

/* Looks into the folders above the input, up to the working directory or the folder that was named.
 */
void trees_look(struct trees *t, const struct walk_input *in);
/* To be called when all inputs were looked at. */
void trees_finish(struct trees *t);
/* The stages of a Dockerfile that somebody names as what is deployed; each once. */
struct strs trees_targets(const struct trees *t, struct arena *a, const struct walk_input *in);
/* The builds of the input: *n of them from the returned one on. */
const struct tree_build *trees_find(const struct trees *t, const struct walk_input *in, size_t *n);

/* What a Compose file builds for one of its services; NULL: nothing that is known. */
const struct tree_build *trees_service(const struct trees *t, struct str path, struct str service);

/* How much of an input's path is the root that it may not leave: "" or up to a slash. */
size_t trees_root(const struct walk_input *in);

#endif
