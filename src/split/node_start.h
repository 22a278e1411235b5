/* What a start command tells node to run: `node x.js` itself, or a script of package.json that
 * comes to one. */
#ifndef SPLIT_NODE_START_H
#define SPLIT_NODE_START_H

#include "split/split.h"

struct node_start {
    struct strs arguments; /* of node: options, file, its arguments */
    struct strs set;       /* NAME, value by turns: variables that a script sets */
    struct str file;       /* what it runs; "": an option says it */
    bool package;          /* npm and its sisters start it, who set variables of their own */
};

/* Is it one, by its first word? */
bool node_start_is(const struct split *sp);

/* False, and refused, when it does not come to node alone. */
bool node_start_read(struct split *sp, struct node_start *out);

#endif
