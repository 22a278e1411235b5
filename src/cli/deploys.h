/*
 * deploys: what the Dockerfiles of a run become, for the manifests and Compose files that run them.
 *
 * The Dockerfiles are worked on first, and what is known of their images is kept here. Then a
 * manifest asks by an image's name. Where a port has moved, both change together or not at all: a
 * Dockerfile that some manifest can't follow is blocked, and then counts as not being there.
 */
#ifndef CLI_DEPLOYS_H
#define CLI_DEPLOYS_H

#include "cli/config.h"
#include "cli/trees.h"

/* An image that a Dockerfile of the run makes. */
struct deploy_image {
    struct str dockerfile, target; /* "" is the last stage */
    struct ur_image image;
};

typedef VEC(struct deploy_image) deploy_images;
typedef VEC(struct ur_moved) deploy_moved;

/* A Dockerfile whose moved ports a manifest can't follow. */
struct deploy_block {
    struct str dockerfile;
    const char *manifest; /* as shown */
    const char *why;      /* and where in it */
};

struct deploys {
    const struct cli *cli;
    struct arena *arena;
    const struct trees *trees;
    deploy_images images; /* sorted by Dockerfile, as the inputs are */
    deploy_moved moved;
    VEC(struct deploy_block) blocks;
    bool moves; /* some Dockerfile moves a port */
    bool again; /* one more was blocked */
};

/* In a worker: the images of a Dockerfile's result that somebody may ask for, copied to `a`. */
void deploys_collect(const struct deploys *d, struct arena *a, const struct ur_result *r,
                     const struct walk_input *in, deploy_images *out);
/* On the calling thread: keeps a copy. */
void deploys_take(struct deploys *d, const deploy_images *images);
void deploys_take_moved(struct deploys *d, const deploy_moved *moved);
void deploys_collect_moved(struct arena *a, const struct ur_result *r, deploy_moved *out);

/* Blocks a Dockerfile. False when it was so before. */
bool deploys_block(struct deploys *d, struct str dockerfile, const char *manifest, const char *why);
const struct deploy_block *deploys_blocked(const struct deploys *d, struct str dockerfile);

/* One manifest or Compose file that asks. */
struct deploy_asker {
    const struct deploys *deploys;
    const struct config *config;
    const struct walk_input *input;
    struct arena *arena;
    struct str only;         /* the one Dockerfile that may move a port; p is NULL: all may */
    struct ur_images images; /* for the engine */
    VEC(struct str) joined;  /* Dockerfiles that it runs */
    VEC(struct str) moving;  /* those of them that move a port */
    VEC(const char *) notes; /* why there is no join */
};

void deploys_ask(struct deploy_asker *asker);
/* The image that a Compose file builds from a Dockerfile: as the callback of `images`. */
bool deploys_built(struct deploy_asker *asker, struct str dockerfile, struct str target,
                   struct ur_image *out);

#endif
