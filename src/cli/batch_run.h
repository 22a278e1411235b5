/* The state of a batch, for batch*.c only. */
#ifndef CLI_BATCH_RUN_H
#define CLI_BATCH_RUN_H

#include "cli/batch.h"
#include "cli/deploys.h"
#include "cli/out.h"
#include "cli/places.h"
#include "cli/progress.h"

typedef VEC(const struct walk_input *) batch_inputs;
typedef VEC(struct config *) batch_configs;

struct batch {
    struct cli *cli;
    batch_render *render;
    struct walk walk;
    struct configs configs;
    batch_inputs inputs; /* Dockerfiles that are worked on */
    batch_configs config;
    batch_inputs deploy_inputs; /* what may be manifests and Compose files */
    batch_configs deploy_config;
    VEC(struct batch_item) held; /* Dockerfiles whose changes wait for what the manifests say */
    struct out *out;
    struct color color;
    struct progress progress;
    struct batch_totals *totals;
    struct writes writes;
    struct trees trees;
    struct deploys deploys;
};

/* Finds the inputs of the command line. False after a message. */
bool batch_find(struct batch *b);
/* Leaves out what is not wanted and looks at what stands around the rest. False after a message. */
bool batch_choose(struct batch *b);
/* An item for the input, in the slot's memory. */
void batch_begin(struct batch *b, struct batch_item *item, const struct walk_input *in);
/* Reads its file. False after a message. */
bool batch_read(struct batch_item *item);
/* Takes note of its result, renders it and gives it back. */
void batch_finish(struct batch *b, struct batch_item *item);
/* Puts its output where it belongs, on the calling thread. False: the output is gone. */
bool batch_deliver(struct batch *b, struct batch_item *item);
void batch_slot_free(void *slot);

/* The second half: manifests and Compose files, and the Dockerfiles that were held. */
void batch_deploys(struct batch *b);

#endif
