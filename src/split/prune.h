/* Taking what only development needs out of node_modules before it is shipped. */
#ifndef SPLIT_PRUNE_H
#define SPLIT_PRUNE_H

#include "split/modules.h"

/* Where it is proven that nothing that runs uses it: a stage on the author's does `npm prune`, and
 * the working directory is to be copied from that. Sets *from to its name; false: as it is. */
bool prune_stage(struct split *sp, const struct modules *m, const char *const *ends,
                 struct str *from);

#endif
